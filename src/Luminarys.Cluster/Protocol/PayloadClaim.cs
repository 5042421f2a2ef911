using System.Security.Cryptography;
using Luminarys.Invocations;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>Stands for a payload that does not fit one message. Whoever gets it asks its sender for the parts.</summary>
/// <param name="Id">Name of the payload, made by its sender; the id of the messages that ask for parts and bring them.</param>
/// <param name="Length">Bytes of the payload.</param>
/// <param name="PartSize">Bytes of each part except the last.</param>
/// <param name="Hash">SHA-256 of the payload.</param>
internal sealed record PayloadClaim(CallId Id, int Length, int PartSize, ReadOnlyMemory<byte> Hash)
{
    /// <summary>Smallest size of a part that is believed: more of them would cost more than they carry.</summary>
    public const int MinPart = 1024;

    /// <summary>Number of parts.</summary>
    public int Parts => (int)(((long)Length + PartSize - 1) / PartSize);

    /// <summary>Bytes of one part.</summary>
    public int SizeOf(int part) => part == Parts - 1 ? Length - (part * PartSize) : PartSize;

    public static PayloadClaim Read(ref MessagePackReader reader)
    {
        var (id, length, size) = (default(CallId), 0, 0);
        byte[]? hash = null;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "id": id = Wire.Id(ref reader); break;
                case "length": length = reader.ReadInt32(); break;
                case "size": size = reader.ReadInt32(); break;
                case "hash": Wire.Fixed(ref reader, hash = new byte[SHA256.HashSizeInBytes]); break;
                default: reader.Skip(); break;
            }
        }

        return id != default && length > 0 && size is >= MinPart and <= ProtocolLimits.InlinePayload && hash is not null
            ? new(id, length, size, hash)
            : throw Wire.Invalid("claim");
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(4);
        writer.Write("id");
        Wire.WriteId(ref writer, Id);
        writer.Write("length");
        writer.Write(Length);
        writer.Write("size");
        writer.Write(PartSize);
        writer.Write("hash");
        writer.Write(Hash.Span);
    }
}
