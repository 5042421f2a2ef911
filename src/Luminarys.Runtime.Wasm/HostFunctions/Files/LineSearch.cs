using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Finds the lines of one text after the other that match.</summary>
internal sealed class LineSearch(GuestRegex regex, GrepRequest request, GrepAnswer answer, int maxLines, MatchBudget budget)
{
    private const int LinesPerCheck = 256;

    private readonly char[] _characters = new char[GuestRegex.MaxLine];
    private readonly List<(int Start, int End)> _ranges = [];

    /// <summary>Searches one text, or answers what the guest is told. Nothing is added when nothing matches.</summary>
    public string? Search(ReadOnlySpan<byte> text, string path, FileCall call)
    {
        text = TextBytes.SkipMark(text);
        var found = 0L;
        for (var number = 1; !text.IsEmpty; number++)
        {
            var end = text.IndexOf((byte)'\n');
            var line = Cut(TextBytes.TrimReturn(end < 0 ? text : text[..end]));
            text = end < 0 ? [] : text[(end + 1)..];
            if ((number % LinesPerCheck == 0 ? call.CheckTime() : null) is { } late)
            {
                return late;
            }

            if (Match(line, number, out var isMatch) is { } fault)
            {
                return fault;
            }

            found += isMatch ? 1 : 0;
            if (answer.IsTooLarge)
            {
                return answer.Fault;
            }

            if (isMatch && (request.NamesOnly || found == request.MaxCount || answer.Lines == maxLines))
            {
                break;
            }
        }

        if (found > 0)
        {
            answer.AddFile(path);
        }

        return answer.IsTooLarge ? answer.Fault : null;
    }

    private string? Match(ReadOnlySpan<byte> line, int number, out bool isMatch)
    {
        var characters = _characters.AsSpan(0, Encoding.UTF8.GetChars(line, _characters));
        if (request.NamesOnly)
        {
            return regex.FindAny(characters, budget, out isMatch);
        }

        _ranges.Clear();
        var fault = regex.FindAll(characters, budget, answer.RangesLeft, _ranges);
        isMatch = _ranges.Count > 0;
        if (isMatch && fault is null)
        {
            if (line.Length != characters.Length)
            {
                CountBytes(characters);
            }

            answer.AddLine(number, line, request.WithLines, _ranges);
        }

        return fault;
    }

    // Places in characters become places in bytes. A place inside a pair of surrogates moves out of it.
    private void CountBytes(ReadOnlySpan<char> line)
    {
        var (at, bytes, kept) = (0, 0, 0);
        for (var i = 0; i < _ranges.Count; i++)
        {
            var (start, end) = _ranges[i];
            var first = Math.Max(at, IsInside(line, start) ? start - 1 : start);
            var last = IsInside(line, end) ? end + 1 : end;
            if (last < first || (last == first && end > start))
            {
                continue;
            }

            var from = bytes + Encoding.UTF8.GetByteCount(line[at..first]);
            bytes = from + Encoding.UTF8.GetByteCount(line[first..last]);
            at = last;
            _ranges[kept++] = (from, bytes);
        }

        _ranges.RemoveRange(kept, _ranges.Count - kept);
    }

    private static bool IsInside(ReadOnlySpan<char> line, int place) =>
        place > 0 && place < line.Length && char.IsHighSurrogate(line[place - 1]) && char.IsLowSurrogate(line[place]);

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> line) =>
        line.Length <= GuestRegex.MaxLine ? line : line[..TextBytes.WholeLength(line[..GuestRegex.MaxLine])];
}
