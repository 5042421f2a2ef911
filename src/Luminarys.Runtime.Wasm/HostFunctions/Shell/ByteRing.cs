namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>The last bytes of a stream. Grows up to its capacity, not beyond. Used by one thread.</summary>
internal sealed class ByteRing(int capacity)
{
    private const int FirstSize = 4096;

    private byte[] _bytes = [];
    private int _start;
    private int _count;

    /// <summary>How many bytes were given up.</summary>
    public long Dropped { get; private set; }

    /// <summary>Adds bytes, giving up the oldest ones.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > capacity)
        {
            Dropped += bytes.Length - capacity;
            bytes = bytes[^capacity..];
        }

        Grow(_count + bytes.Length);
        var excess = _count + bytes.Length - _bytes.Length;
        if (excess > 0)
        {
            Dropped += excess;
            _start = (_start + excess) % _bytes.Length;
            _count -= excess;
        }

        var end = _bytes.Length == 0 ? 0 : (_start + _count) % _bytes.Length;
        var first = Math.Min(bytes.Length, _bytes.Length - end);
        bytes[..first].CopyTo(_bytes.AsSpan(end));
        bytes[first..].CopyTo(_bytes);
        _count += bytes.Length;
    }

    /// <summary>The bytes that are left, in order.</summary>
    public byte[] ToArray()
    {
        var all = new byte[_count];
        CopyTo(all);
        return all;
    }

    private void Grow(int wanted)
    {
        if (wanted <= _bytes.Length || _bytes.Length == capacity)
        {
            return;
        }

        var grown = new byte[(int)Math.Min(capacity, Math.Max(FirstSize, 2L * wanted))];
        CopyTo(grown);
        (_bytes, _start) = (grown, 0);
    }

    private void CopyTo(Span<byte> target)
    {
        var first = Math.Min(_count, _bytes.Length - _start);
        _bytes.AsSpan(_start, first).CopyTo(target);
        _bytes.AsSpan(0, _count - first).CopyTo(target[first..]);
    }
}
