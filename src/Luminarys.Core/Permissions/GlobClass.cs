using System.Globalization;
using System.Text;

namespace Luminarys.Permissions;

/// <summary>A character class of a pattern, such as <c>[!a-z]</c>. It never matches <c>/</c>.</summary>
/// <param name="ranges">Ranges of code points, both ends included, in the pattern's order.</param>
/// <param name="isNegated">Whether it matches everything else.</param>
internal sealed class GlobClass(List<(int First, int Last)> ranges, bool isNegated)
{
    private const int FirstSurrogate = 0xd800;
    private const int LastSurrogate = 0xdfff;
    private const int LastOfBasicPlane = 0xffff;
    private const int LastCodePoint = 0x10ffff;

    /// <summary>
    /// Reads a class from its opening bracket; <paramref name="end"/> is its closing one. A bracket directly after the opening one, or after
    /// its negation, is a member; so is a hyphen at either end.
    /// </summary>
    public static GlobClass? Read(string pattern, int start, out int end, out string? fault)
    {
        var isNegated = start + 1 < pattern.Length && pattern[start + 1] is '!' or '^';
        var first = start + (isNegated ? 2 : 1);
        var ranges = new List<(int, int)>();
        fault = null;
        for (end = first; end < pattern.Length && fault is null; end++)
        {
            if (pattern[end] == ']' && end > first)
            {
                return new GlobClass(ranges, isNegated);
            }

            fault = ReadRange(pattern, ref end, ranges);
        }

        fault ??= "holds a '[' without its ']'";
        return null;
    }

    /// <summary>Appends the class as a regular expression over code units.</summary>
    public void Write(StringBuilder expression)
    {
        expression.Append(isNegated ? @"(?:[^/\ud800-\udfff" : "(?:[");
        var isEmpty = !isNegated;
        foreach (var (first, last) in ranges)
        {
            isEmpty &= !(WriteUnits(expression, first, Math.Min(last, '/' - 1))
                | WriteUnits(expression, Math.Max(first, '/' + 1), Math.Min(last, FirstSurrogate - 1))
                | WriteUnits(expression, Math.Max(first, LastSurrogate + 1), Math.Min(last, LastOfBasicPlane)));
        }

        // An empty pair of brackets is no class; this one matches nothing.
        expression.Append(isEmpty ? @"^\s\S]" : "]");
        foreach (var (first, last) in isNegated ? OthersAbove() : ranges)
        {
            WritePairs(expression, Math.Max(first, LastOfBasicPlane + 1), last);
        }

        expression.Append(')');
    }

    private static string? ReadRange(string pattern, ref int at, List<(int First, int Last)> ranges)
    {
        var first = ReadMember(pattern, ref at);
        var last = first;
        if (at + 2 < pattern.Length && pattern[at + 1] == '-' && pattern[at + 2] != ']')
        {
            at += 2;
            last = ReadMember(pattern, ref at);
        }

        ranges.Add((first, last));
        return last < first ? "holds a character class that runs backwards, such as [z-a]" : null;
    }

    // A code point, and the index of its last code unit. A backslash at the end of the pattern is left for the caller to find unclosed.
    private static int ReadMember(string pattern, ref int at)
    {
        if (pattern[at] == '\\' && at + 1 < pattern.Length)
        {
            at++;
        }

        if (!Rune.TryGetRuneAt(pattern, at, out var rune))
        {
            return pattern[at];
        }

        at += rune.Utf16SequenceLength - 1;
        return rune.Value;
    }

    private static bool WriteUnits(StringBuilder expression, int first, int last)
    {
        if (first <= last)
        {
            expression.Append(CultureInfo.InvariantCulture, $"\\u{first:x4}-\\u{last:x4}");
        }

        return first <= last;
    }

    // The code points above the basic plane that no range holds.
    private IEnumerable<(int First, int Last)> OthersAbove()
    {
        var next = LastOfBasicPlane + 1;
        foreach (var (first, last) in ranges.OrderBy(range => range.First))
        {
            if (first > next)
            {
                yield return (next, first - 1);
            }

            next = Math.Max(next, last + 1);
        }

        if (next <= LastCodePoint)
        {
            yield return (next, LastCodePoint);
        }
    }

    // A range of pairs: the first and the last high surrogate with part of the low ones, those between with all.
    private static void WritePairs(StringBuilder expression, int first, int last)
    {
        while (first <= last)
        {
            var (high, low) = Pair(first);
            var (lastHigh, lastLow) = Pair(last);
            var isWhole = low == 0xdc00 && (lastHigh > high || lastLow == LastSurrogate);
            var endHigh = !isWhole || lastHigh == high ? high : lastLow == LastSurrogate ? lastHigh : lastHigh - 1;
            var endLow = isWhole || lastHigh > high ? LastSurrogate : lastLow;
            expression.Append(CultureInfo.InvariantCulture, $"|[\\u{high:x4}-\\u{endHigh:x4}][\\u{low:x4}-\\u{endLow:x4}]");
            first = char.ConvertToUtf32((char)endHigh, (char)endLow) + 1;
        }
    }

    private static (int High, int Low) Pair(int codePoint)
    {
        var offset = codePoint - (LastOfBasicPlane + 1);
        return (FirstSurrogate + (offset >> 10), 0xdc00 + (offset & 0x3ff));
    }
}
