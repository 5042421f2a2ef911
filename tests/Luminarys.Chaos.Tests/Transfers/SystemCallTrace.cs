using System.Text.RegularExpressions;

namespace Luminarys.Chaos.Transfers;

/// <summary>What strace wrote about a process: each call of each thread, with its beginning and its end.</summary>
internal static partial class SystemCallTrace
{
    public const string Program = "strace";

    private const string Unfinished = " <unfinished ...>";

    public static string[] Arguments(string file) =>
        ["-f", "-yy", "-s", "0", "-o", file, "-e", "trace=write,pwrite64,pwritev,fsync,fdatasync,rename,renameat,renameat2,sendto,sendmsg"];

    public static List<SystemCall> Read(IEnumerable<string> lines)
    {
        var open = new Dictionary<string, (string Text, int Line)>();
        var calls = new List<SystemCall>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (thread, text, begin) = (line[..space], line[space..].TrimStart(), number);
            if (text.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                open[thread] = (text[..^Unfinished.Length], number);
                continue;
            }

            if (Resumed().Match(text) is { Success: true } resumed && open.Remove(thread, out var earlier))
            {
                (text, begin) = (earlier.Text + text[resumed.Length..], earlier.Line);
            }

            if (Call().Match(text) is { Success: true } call)
            {
                calls.Add(new(call.Groups[1].Value, call.Groups[2].Value, begin, number));
            }
        }

        return calls;
    }

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(\w+)\((.*= \d+)$")]
    private static partial Regex Call();
}
