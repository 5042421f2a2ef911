using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>One part of a payload, whose id is the envelope's.</summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Bytes">The part. When it was read, it is a piece of the message and valid no longer than that.</param>
internal sealed record PartMessage(int Index, ReadOnlyMemory<byte> Bytes) : IWireBody<PartMessage>
{
    public static PartMessage Read(ref MessagePackReader reader)
    {
        var (index, bytes) = (-1, ReadOnlyMemory<byte>.Empty);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "n": index = reader.ReadInt32(); break;
                case "payload": bytes = reader.ReadBytes() is { IsSingleSegment: true } read ? read.First : throw Wire.Invalid("payload"); break;
                default: reader.Skip(); break;
            }
        }

        return index >= 0 && !bytes.IsEmpty ? new(index, bytes) : throw Wire.Invalid("n or payload");
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.Write("n");
        writer.Write(Index);
        writer.Write("payload");
        writer.Write(Bytes.Span);
    }
}
