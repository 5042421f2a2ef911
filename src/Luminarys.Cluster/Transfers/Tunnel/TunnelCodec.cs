using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>Bodies of frames: integers big-endian, nothing optional, nothing behind.</summary>
internal static class TunnelCodec
{
    private const int OffsetSize = sizeof(long);
    private const int FingerprintSize = 16;

    /// <summary>Writes a body; answers its type and length.</summary>
    public static (TunnelFrameType Type, int Length) Write(TunnelMessage message, Span<byte> body)
    {
        switch (message)
        {
            case TunnelMessage.Open open:
                BinaryPrimitives.WriteInt64BigEndian(body, open.Length);
                BinaryPrimitives.WriteUInt128BigEndian(body[OffsetSize..], open.Fingerprint);
                return (TunnelFrameType.Open, OffsetSize + FingerprintSize);
            case TunnelMessage.Resume resume:
                return (TunnelFrameType.Resume, Write(body, resume.Offset, resume.Hash));
            case TunnelMessage.Agree agree:
                return (TunnelFrameType.Agree, Write(body, agree.Offset));
            case TunnelMessage.Mark mark:
                return (TunnelFrameType.Mark, Write(body, mark.Offset));
            case TunnelMessage.Finish finish:
                var length = Write(body, finish.Length, finish.Hash);
                body[length] = finish.IsUnchanged ? (byte)1 : (byte)0;
                return (TunnelFrameType.Finish, length + 1);
            case TunnelMessage.Done done:
                return (TunnelFrameType.Done, Write(body, done.Length, done.Hash));
            case TunnelMessage.Abort abort:
                body[0] = (byte)abort.Fault;
                return (TunnelFrameType.Abort, 1);
            default:
                return (TunnelFrameType.Alive, 0);
        }
    }

    /// <summary>Reads a body; false for one that no end of this protocol writes.</summary>
    public static bool TryRead(TunnelFrameType type, ReadOnlySpan<byte> body, [NotNullWhen(true)] out TunnelMessage? message)
    {
        message = (type, body.Length) switch
        {
            (TunnelFrameType.Open, OffsetSize + FingerprintSize) =>
                new TunnelMessage.Open(Offset(body), BinaryPrimitives.ReadUInt128BigEndian(body[OffsetSize..])),
            (TunnelFrameType.Resume, OffsetSize + ContentHash.Size) => new TunnelMessage.Resume(Offset(body), ContentHash.Read(body[OffsetSize..])),
            (TunnelFrameType.Agree, OffsetSize) => new TunnelMessage.Agree(Offset(body)),
            (TunnelFrameType.Mark, OffsetSize) => new TunnelMessage.Mark(Offset(body)),
            (TunnelFrameType.Alive, 0) => TunnelMessage.Alive.Instance,
            (TunnelFrameType.Finish, OffsetSize + ContentHash.Size + 1) when body[^1] <= 1 =>
                new TunnelMessage.Finish(Offset(body), ContentHash.Read(body[OffsetSize..]), body[^1] == 1),
            (TunnelFrameType.Done, OffsetSize + ContentHash.Size) => new TunnelMessage.Done(Offset(body), ContentHash.Read(body[OffsetSize..])),
            (TunnelFrameType.Abort, 1) => new TunnelMessage.Abort(FaultOf(body[0])),
            _ => null,
        };
        return message is not null && body.Length >= OffsetSize ? Offset(body) >= 0 : message is not null;
    }

    /// <summary>Where the bytes of a frame of data belong in the file.</summary>
    public static long Offset(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt64BigEndian(body);

    // A code of a later version, or none at all, is still an end.
    private static TransferFault FaultOf(byte code) =>
        code != 0 && Enum.IsDefined((TransferFault)code) ? (TransferFault)code : TransferFault.Protocol;

    private static int Write(Span<byte> body, long offset)
    {
        BinaryPrimitives.WriteInt64BigEndian(body, offset);
        return OffsetSize;
    }

    private static int Write(Span<byte> body, long offset, ContentHash hash)
    {
        hash.Write(body[Write(body, offset)..]);
        return OffsetSize + ContentHash.Size;
    }
}
