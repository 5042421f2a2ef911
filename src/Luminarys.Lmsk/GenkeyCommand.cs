using System.CommandLine;
using System.Text;
using Luminarys.Skills.Keys;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk genkey</c>.</summary>
internal static class GenkeyCommand
{
    private const string PublicEnd = ".pub";

    public static Command Build(TextWriter output, TextWriter errors)
    {
        var key = KeyPlace.Option();
        var command = new Command("genkey", "Make a signing key that only you may read.") { key };
        command.SetAction(parsed => Run(KeyPlace.Of(parsed.GetValue(key)), output, errors));
        return command;
    }

    private static int Run(string file, TextWriter output, TextWriter errors)
    {
        var share = Path.ChangeExtension(file, PublicEnd);
        if (FindFault(file, share) is { } fault)
        {
            return LmskCommand.Fail(errors, fault);
        }

        try
        {
            using var key = SigningKey.Create();
            key.Save(file, KeyPlace.Passphrase);
            var point = PublicKeyText.Write(key.PublicKey.Span);
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

    // A private file that exists is refused when it is saved.
    private static string? FindFault(string file, string share) =>
        file.EndsWith(PublicEnd, StringComparison.OrdinalIgnoreCase) ? $"{file}: this is the name of a public file; name the private one, such as {Path.ChangeExtension(file, ".pem")}"
        : Path.Exists(share) && !Path.Exists(file) ? $"{share}: it exists, and the new public key belongs there; name another file"
        : null;
}
