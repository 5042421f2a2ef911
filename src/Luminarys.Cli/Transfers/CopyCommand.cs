using Luminarys.Transfers;

namespace Luminarys.Cli.Transfers;

/// <summary>Copies a file between two nodes and shows how far it is. Exits with 0 only when the receiver has said that it has the file, verified and stored.</summary>
internal static class CopyCommand
{
    public static async Task<int> RunAsync(
        string source, string destination, bool overwrites, ConfigurationSource configuration, TextWriter output, (TextWriter Writer, bool IsTerminal) errors)
    {
        if (!TryRead(source, errors.Writer, out var from) || !TryRead(destination, errors.Writer, out var to))
        {
            return ExitCode.Configuration;
        }

        return await OperatorSession.RunAsync(configuration, errors.Writer, async (client, cancellationToken) =>
        {
            var line = new ProgressLine(errors.Writer, errors.IsTerminal, TimeProvider.System);
            var begin = TimeProvider.System.GetTimestamp();
            var end = await client.CopyAsync(from, to.For(from), overwrites, line.Show, cancellationToken);
            line.End();
            return Report(end, TimeProvider.System.GetElapsedTime(begin), output, errors.Writer);
        });
    }

    private static bool TryRead(string text, TextWriter errors, out NodePath path)
    {
        var isPath = NodePath.TryParse(text, out path);
        if (!isPath)
        {
            errors.WriteLine($"error: '{text}' is not a file of a node: write it as slave-1:///data/file, with three slashes");
        }

        return isPath;
    }

    private static int Report(TransferProgress end, TimeSpan took, TextWriter output, TextWriter errors)
    {
        if (end.IsDone)
        {
            var rate = TransferText.Bytes((long)(end.Length / Math.Max(took.TotalSeconds, 0.001)));
            output.WriteLine($"copied {end.Source} to {end.Destination}: {TransferText.Bytes(end.Length)} in {TransferText.Time(took)} ({rate}/s), SHA-256 {end.Hash}");
            return ExitCode.Ok;
        }

        errors.WriteLine($"error: {end.Fault}: {end.Text}");
        switch (end.Fault)
        {
            case TransferFault.Cancelled:
                errors.WriteLine($"{TransferText.Bytes(end.Stored)} of {TransferText.Bytes(end.Length)} are on the disk of {end.Destination.Node}; the same command takes it up from there");
                return ExitCode.Cancelled;
            case TransferFault.OutcomeUnknown:
                errors.WriteLine("the copy may yet arrive: luminarys transfers shows whether it runs");
                return ExitCode.OutcomeUnknown;
            default:
                return ExitCode.TransferFailed;
        }
    }
}
