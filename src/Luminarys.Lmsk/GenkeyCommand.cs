using System.CommandLine;
using System.Text;
using Luminarys.Skills.Keys;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk genkey</c>.</summary>
internal static class GenkeyCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var key = KeyPlace.Option();
        var command = new Command("genkey", "Make a signing key that only you may read.") { key };
        command.SetAction(parsed => Run(KeyPlace.Of(parsed.GetValue(key)), output, errors));
        return command;
    }

    private static int Run(string file, TextWriter output, TextWriter errors)
    {
        try
        {
            using var key = SigningKey.Create();
            key.Save(file, KeyPlace.Passphrase);
            var point = PublicKeyText.Write(key.PublicKey.Span);
            var share = Path.ChangeExtension(file, ".pub");
            if (!Disk.TryReplace(share, Encoding.ASCII.GetBytes($"{point}\n"), errors))
            {
                return LmskCommand.Failed;
            }

            output.WriteLine($"key id   {key.Id}");
            output.WriteLine($"private  {file}");
            output.WriteLine($"public   {share}");
            output.WriteLine($"point    {point}");
            output.WriteLine("Keep the private file to yourself. Give the public one to those who run your skills; they run: lmsk trust add");
            return LmskCommand.Ok;
        }
        catch (KeyFileException exception)
        {
            return LmskCommand.Fail(errors, exception.Message);
        }
    }
}
