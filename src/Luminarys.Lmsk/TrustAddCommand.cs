using System.CommandLine;
using Luminarys.Trust;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk trust add</c>.</summary>
internal static class TrustAddCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var key = KeySource.Argument();
        var directory = TrustPlace.Option();
        var options = new RecordOptions();
        var command = new Command("add", "Trust a key.") { key, directory };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (await KeySource.ReadAsync(parsed.GetValue(key)!, errors, cancellationToken).ConfigureAwait(false) is not { } point
                || options.Read(parsed, point, null, errors) is not { } record)
            {
                return LmskCommand.Failed;
            }

            var file = TrustPlace.FileOf(parsed.GetValue(directory)!, record.Id);
            return File.Exists(file)
                ? LmskCommand.Fail(errors, $"{file}: this key has a record already; edit it, or remove it first")
                : Write(file, record, output, errors);
        });
        return command;
    }

    /// <summary>Writes a record and says so.</summary>
    public static int Write(string file, KeyRecord record, TextWriter output, TextWriter errors)
    {
        if (!TrustPlace.TryWrite(file, TrustYaml.Write(record), errors))
        {
            return LmskCommand.Failed;
        }

        output.WriteLine($"key id   {record.Id}");
        output.WriteLine($"may sign {string.Join(", ", record.Prefixes)}");
        output.WriteLine($"file     {file}");
        return LmskCommand.Ok;
    }
}
