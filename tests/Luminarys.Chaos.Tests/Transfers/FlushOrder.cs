namespace Luminarys.Chaos.Transfers;

/// <summary>Judges the order in which a sink wrote, flushed, renamed and spoke while it took one file. A call counts as done when it has returned.</summary>
/// <param name="calls">All of the process.</param>
/// <param name="path">The file.</param>
/// <param name="relayPort">Port of the channel.</param>
internal sealed class FlushOrder(IReadOnlyList<SystemCall> calls, string path, int relayPort)
{
    // Bytes of two messages on the channel: length, type, fields, seal. What a sink says to resume is as long as done, and comes first; nothing else is as long.
    private const int MarkSize = 4 + 1 + 8 + 16;
    private const int DoneSize = 4 + 1 + 8 + 32 + 16;

    private readonly string _folder = Path.GetDirectoryName(path)!;

    private string Staging => Path.Combine(_folder, ".lm-staging");

    public List<string> FindBreaches()
    {
        var breaches = new List<string>();
        CheckDone(breaches);
        CheckMarks(breaches);
        return breaches;
    }

    // The last byte, then the disk, then the name, then the disk again.
    private void CheckDone(List<string> breaches)
    {
        var stored = Chain(
            calls.Last(IsPartWritten).End, IsPartFlushed, IsRenamed, call => IsFlushed(call, _folder));
        var said = calls.Where(call => IsSent(call, DoneSize)).Skip(1).ToArray();
        if (stored is null || said.Length == 0)
        {
            breaches.Add("done: the sink never stored the file, or never said so");
        }

        breaches.AddRange(said.Where(done => done.Begin <= stored).Select(done => $"done was said on line {done.Begin}, and the file was stored on line {stored}"));
    }

    // Each mark has a flush and a note of its own before it.
    private void CheckMarks(List<string> breaches)
    {
        var notedAt = 0;
        var marks = calls.Where(call => IsSent(call, MarkSize)).ToArray();
        if (marks.Length == 0)
        {
            breaches.Add("mark: the sink never said that a part is safe");
        }

        foreach (var mark in marks)
        {
            var noted = Chain(
                notedAt, IsPartFlushed, IsNoteWritten, IsNoteFlushed, IsNoteRenamed,
                call => IsFlushed(call, Staging));
            if (noted is null || mark.Begin <= noted)
            {
                breaches.Add($"mark was said on line {mark.Begin}, and the part was safe on line {noted}");
            }

            notedAt = noted ?? notedAt;
        }
    }

    // The line on which the last of some steps has ended, when each begins after the end of the one before.
    private int? Chain(int after, params Func<SystemCall, bool>[] steps)
    {
        foreach (var isStep in steps)
        {
            if (calls.FirstOrDefault(call => call.Begin > after && isStep(call)) is not { } found)
            {
                return null;
            }

            after = found.End;
        }

        return after;
    }

    private bool IsPartWritten(SystemCall call) => call.Name.StartsWith("pwrite", StringComparison.Ordinal) && call.Arguments.Contains(".part>", StringComparison.Ordinal) && IsHere(call);

    private bool IsPartFlushed(SystemCall call) => call.Name == "fsync" && call.Arguments.Contains(".part>", StringComparison.Ordinal) && IsHere(call);

    private bool IsNoteWritten(SystemCall call) => call.Name == "pwrite64" && call.Arguments.Contains(".note-new>", StringComparison.Ordinal) && IsHere(call);

    private bool IsNoteFlushed(SystemCall call) => call.Name == "fsync" && call.Arguments.Contains(".note-new>", StringComparison.Ordinal) && IsHere(call);

    private bool IsNoteRenamed(SystemCall call) => call.Name.StartsWith("rename", StringComparison.Ordinal) && call.Arguments.Contains(".note\"", StringComparison.Ordinal) && IsHere(call);

    private bool IsRenamed(SystemCall call) =>
        call.Name.StartsWith("rename", StringComparison.Ordinal) && call.Arguments.Contains($"<{_folder}>, \"{Path.GetFileName(path)}\"", StringComparison.Ordinal);

    private static bool IsFlushed(SystemCall call, string directory) => call.Name == "fsync" && call.Arguments.Contains($"<{directory}>", StringComparison.Ordinal);

    private bool IsSent(SystemCall call, int size) =>
        call.Name.StartsWith("send", StringComparison.Ordinal)
        && call.Arguments.Contains($":{relayPort}]>", StringComparison.Ordinal) && call.Arguments.EndsWith($"= {size}", StringComparison.Ordinal);

    private bool IsHere(SystemCall call) => call.Arguments.Contains(Staging, StringComparison.Ordinal);
}
