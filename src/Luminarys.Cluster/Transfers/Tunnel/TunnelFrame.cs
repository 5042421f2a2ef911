using System.Buffers.Binary;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>One frame in a buffer of its own: length of what follows (u32, big-endian), type (u8), body, seal. Reused; used by one thread at a time.</summary>
/// <param name="capacity">Most bytes that it may hold, seal included.</param>
internal sealed class TunnelFrame(int capacity)
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity);
    private int _length;

    /// <summary>Which frame of its direction it is, from 0. Set when it is sealed or opened.</summary>
    public ulong Number { get; set; }

    /// <summary>For data: SHA-256 of the file up to the end of this part. Set where a seal needs it.</summary>
    public byte[] HashSoFar { get; } = new byte[ContentHash.Size];

    /// <summary>All of it.</summary>
    public Memory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>What it is.</summary>
    public TunnelFrameType Type => (TunnelFrameType)_buffer[TunnelLimits.Prefix];

    /// <summary>What it says.</summary>
    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(TunnelLimits.Prefix + 1, _length - TunnelLimits.Prefix - 1 - TunnelLimits.Seal);

    /// <summary>Whether it holds a part of the file.</summary>
    public bool IsData => Type == TunnelFrameType.Data && Body.Length >= sizeof(long);

    /// <summary>Where that part belongs in the file.</summary>
    public long Offset => TunnelCodec.Offset(Body.Span);

    /// <summary>The part of the file.</summary>
    public ReadOnlyMemory<byte> Content => Body[sizeof(long)..];

    /// <summary>Where a part of the file is to be put that is about to be sent.</summary>
    public Memory<byte> Room => _buffer.AsMemory(TunnelLimits.DataHead, Math.Min(TunnelLimits.Part, _buffer.Length - TunnelLimits.DataHead - TunnelLimits.Seal));

    /// <summary>Makes it a frame of data of what was put into <see cref="Room"/>.</summary>
    public void SetData(long offset, int count)
    {
        SetHead(TunnelFrameType.Data, sizeof(long) + count);
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(TunnelLimits.Prefix + 1), offset);
    }

    /// <summary>Makes it a message.</summary>
    public void SetMessage(TunnelMessage message)
    {
        var (type, length) = TunnelCodec.Write(message, _buffer.AsSpan(TunnelLimits.Prefix + 1));
        SetHead(type, length);
    }

    /// <summary>Reads a whole frame; false at the end of the stream, and for a length that no frame has.</summary>
    public async ValueTask<bool> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (await stream.ReadAtLeastAsync(_buffer.AsMemory(0, TunnelLimits.Prefix), TunnelLimits.Prefix, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false) < TunnelLimits.Prefix)
        {
            return false;
        }

        var rest = BinaryPrimitives.ReadUInt32BigEndian(_buffer);
        if (rest < 1 + TunnelLimits.Seal || rest > _buffer.Length - TunnelLimits.Prefix)
        {
            return false;
        }

        _length = TunnelLimits.Prefix + (int)rest;
        return await stream.ReadAtLeastAsync(_buffer.AsMemory(TunnelLimits.Prefix, (int)rest), (int)rest, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false) == (int)rest;
    }

    private void SetHead(TunnelFrameType type, int bodyLength)
    {
        _length = TunnelLimits.Prefix + 1 + bodyLength + TunnelLimits.Seal;
        BinaryPrimitives.WriteUInt32BigEndian(_buffer, (uint)(_length - TunnelLimits.Prefix));
        _buffer[TunnelLimits.Prefix] = (byte)type;
    }
}
