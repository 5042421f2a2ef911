using System.Runtime.InteropServices;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// What a program writes: lines that do not match are left out, the first 64 KiB and the end are kept, and the rest is counted. Used by one thread.
/// </summary>
/// <param name="filter">Which lines are kept; null for all.</param>
/// <param name="budget">What the filter may cost.</param>
/// <param name="tail">How many last lines are told; 0 or less for all.</param>
/// <param name="kept">Most bytes that are kept.</param>
internal sealed class OutputCollector(GuestRegex? filter, MatchBudget budget, long tail, int kept = OutputCollector.Kept)
{
    /// <summary>Most bytes that are kept, where the guest can take them.</summary>
    public const int Kept = 4 * 1024 * 1024;

    private const int Head = 64 * 1024;

    private readonly List<byte> _line = [];
    private readonly List<byte> _head = [];
    private readonly ByteRing _end = new(Math.Max(kept - Head, Head / 2));
    private readonly int _headSize = tail > 0 ? 0 : Math.Min(Head, kept / 2);
    private long _dropped;
    private bool _isLineCut;

    /// <summary>Why the filter gave up; null when it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes what the program wrote.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (filter is null)
        {
            Keep(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..(end + 1)];
            bytes = bytes[part.Length..];
            Append(part);
            if (end >= 0)
            {
                EndLine(filter);
            }
        }
    }

    /// <summary>Everything that was kept, as text.</summary>
    public string Finish()
    {
        if (filter is not null)
        {
            EndLine(filter);
        }

        return Encoding.UTF8.GetString(tail > 0 ? LastLines() : Join());
    }

    // A line without an end would fill the memory, and cost the filter too much: what exceeds its limit is left out.
    private void Append(ReadOnlySpan<byte> part)
    {
        var room = GuestRegex.MaxLine - _line.Count;
        if (part.Length <= room)
        {
            _line.AddRange(part);
            return;
        }

        _line.AddRange(part[..room]);
        _dropped += part.Length - room;
        _isLineCut = true;
    }

    private void EndLine(GuestRegex pattern)
    {
        if (_line.Count > 0 && Fault is null)
        {
            Fault = pattern.FindAny(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_line)).TrimEnd('\n', '\r'), budget, out var isMatch);
            if (isMatch && _isLineCut)
            {
                _line.Add((byte)'\n');
            }

            Keep(isMatch ? CollectionsMarshal.AsSpan(_line) : []);
        }

        _line.Clear();
        _isLineCut = false;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var beginning = Math.Min(bytes.Length, _headSize - _head.Count);
        _head.AddRange(bytes[..beginning]);
        _end.Write(bytes[beginning..]);
    }

    private byte[] Join()
    {
        var end = _end.ToArray();
        var dropped = _dropped + _end.Dropped;
        if (dropped == 0)
        {
            return [.. _head, .. end];
        }

        // What was cut off within a line is no line.
        var cut = _end.Dropped > 0 ? end.AsSpan(0, Math.Min(end.Length, Head)).IndexOf((byte)'\n') + 1 : 0;
        var lineEnd = _head.Count > 0 && _head[^1] != '\n' ? "\n" : "";
        return [.. _head, .. Encoding.UTF8.GetBytes($"{lineEnd}[{dropped + cut} bytes of output were left out here]\n"), .. end.AsSpan(cut)];
    }

    private byte[] LastLines()
    {
        var all = Join();
        var start = all.Length;
        for (var lines = 0L; start > 0; start--)
        {
            if (all[start - 1] == '\n' && start < all.Length && ++lines == tail)
            {
                break;
            }
        }

        return all[start..];
    }
}
