using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// What a program writes, line by line: those that do not match are left out, the first 64 KiB and the end are kept, and the rest is counted. Used by one thread.
/// </summary>
internal sealed class OutputCollector(GuestRegex? filter, MatchBudget budget, long tail)
{
    /// <summary>Most bytes that are kept.</summary>
    public const int Kept = 4 * 1024 * 1024;

    private const int Head = 64 * 1024;

    private readonly List<byte> _line = [];
    private readonly List<byte> _head = [];
    private readonly Queue<byte[]> _end = new();
    private long _endSize;
    private long _dropped;
    private bool _isLineCut;

    /// <summary>Why the filter gave up; null when it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes what the program wrote.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..(end + 1)];
            bytes = bytes[part.Length..];
            Append(part);
            if (end >= 0)
            {
                EndLine();
            }
        }
    }

    /// <summary>Everything that was kept, as text.</summary>
    public string Finish()
    {
        EndLine();
        var lines = tail > 0 ? LastLines() : Join();
        return Encoding.UTF8.GetString(lines);
    }

    // A line without an end would fill the memory: what exceeds the limit of a line passes on as lines of its own without a filter, and is left out with one.
    private void Append(ReadOnlySpan<byte> part)
    {
        var room = GuestRegex.MaxLine - _line.Count;
        if (part.Length <= room)
        {
            _line.AddRange(part);
        }
        else if (filter is null)
        {
            Keep(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line));
            Keep(part);
            _line.Clear();
        }
        else
        {
            _line.AddRange(part[..room]);
            _dropped += part.Length - room;
            _isLineCut = true;
        }
    }

    private void EndLine()
    {
        if (_line.Count > 0 && Matches(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line)))
        {
            if (_isLineCut)
            {
                _line.Add((byte)'\n');
            }

            Keep(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line));
        }

        _line.Clear();
        _isLineCut = false;
    }

    private bool Matches(ReadOnlySpan<byte> line)
    {
        if (filter is null)
        {
            return true;
        }

        if (Fault is not null)
        {
            return false;
        }

        Fault = filter.FindAny(Encoding.UTF8.GetString(line).TrimEnd('\n', '\r'), budget, out var isMatch);
        return isMatch;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (tail <= 0 && _endSize == 0 && _head.Count + bytes.Length <= Head)
        {
            _head.AddRange(bytes);
            return;
        }

        _end.Enqueue(bytes.ToArray());
        _endSize += bytes.Length;
        while (_endSize > Kept - Head && _end.Count > 1)
        {
            var oldest = _end.Dequeue();
            _endSize -= oldest.Length;
            _dropped += oldest.Length;
        }
    }

    private byte[] Join()
    {
        using var all = new MemoryStream();
        all.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_head));
        if (_dropped > 0)
        {
            all.Write(Encoding.UTF8.GetBytes($"[{_dropped} bytes of output were left out here]\n"));
        }

        foreach (var part in _end)
        {
            all.Write(part);
        }

        return all.ToArray();
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
