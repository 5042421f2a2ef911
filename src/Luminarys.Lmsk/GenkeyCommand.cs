using System.CommandLine;
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
            output.WriteLine($"key id  {key.Id}");
            output.WriteLine($"file    {file}");
            return LmskCommand.Ok;
        }
        catch (KeyFileException exception)
        {
            errors.WriteLine(exception.Message);
            return LmskCommand.Failed;
        }
    }
}
