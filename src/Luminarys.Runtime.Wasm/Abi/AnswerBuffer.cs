using System.Buffers;

namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>
/// Takes the answer of one host function at a time and refuses to grow beyond what the guest takes, so that no function makes the host hold more. A
/// large buffer is given back after its call.
/// </summary>
internal sealed class AnswerBuffer(int limit) : IBufferWriter<byte>
{
    private const int Kept = 64 * 1024;

    /// <summary>What a writer may ask for beyond what it writes in the end.</summary>
    private const int Slack = 64 * 1024;

    private byte[] _bytes = [];

    /// <summary>Bytes that are written.</summary>
    public int WrittenCount { get; private set; }

    /// <summary>What is written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, WrittenCount);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        WrittenCount = 0;
        if (_bytes.Length > Kept)
        {
            _bytes = [];
        }
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - WrittenCount);
        WrittenCount += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(WrittenCount);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(WrittenCount);
    }

    private void Reserve(int size)
    {
        var needed = (long)WrittenCount + size;
        if (needed <= _bytes.Length)
        {
            return;
        }

        var most = (long)limit + Slack;
        if (needed > most)
        {
            throw new AnswerTooLargeException(needed);
        }

        Array.Resize(ref _bytes, (int)Math.Clamp(_bytes.Length * 2L, Math.Max(needed, 256), most));
    }
}
