using System.Buffers;
using System.Buffers.Binary;
using Luminarys.Transfers;
using MessagePack;

namespace Luminarys.Cluster.Protocol.Transfers;

/// <summary>Reading and writing of fields that only transfer messages have.</summary>
internal static class TransferWire
{
    private const int NumberSize = 16;

    /// <summary>A body as bytes that stand for themselves.</summary>
    public static byte[] ToBytes<T>(T body)
        where T : IWireBody<T>
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        body.Write(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads 16 bytes as a number.</summary>
    public static UInt128 Number(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[NumberSize];
        Wire.Fixed(ref reader, bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Writes a number as 16 bytes.</summary>
    public static void Write(ref MessagePackWriter writer, UInt128 number)
    {
        writer.WriteBinHeader(NumberSize);
        BinaryPrimitives.WriteUInt128BigEndian(writer.GetSpan(NumberSize), number);
        writer.Advance(NumberSize);
    }

    /// <summary>Reads a hash.</summary>
    public static ContentHash Hash(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[ContentHash.Size];
        Wire.Fixed(ref reader, bytes);
        return ContentHash.Read(bytes);
    }

    /// <summary>Writes a hash.</summary>
    public static void Write(ref MessagePackWriter writer, ContentHash hash)
    {
        writer.WriteBinHeader(ContentHash.Size);
        hash.Write(writer.GetSpan(ContentHash.Size));
        writer.Advance(ContentHash.Size);
    }

    /// <summary>Reads a length or place.</summary>
    public static long Length(ref MessagePackReader reader) => reader.ReadInt64() is >= 0 and var length ? length : throw Wire.Invalid("length");

    /// <summary>Reads a fault; one of a later version is one all the same.</summary>
    public static TransferFault Fault(ref MessagePackReader reader) =>
        reader.ReadByte() is var code && Enum.IsDefined((TransferFault)code) ? (TransferFault)code : TransferFault.Protocol;

    /// <summary>Reads a ticket.</summary>
    public static TransferTicket Ticket(ref MessagePackReader reader)
    {
        var (transfer, role, node, expires) = ((UInt128)0, TransferRole.Source, default(Nodes.NodeId), 0L);
        var (attempt, address) = (0u, "");
        var (seal, key) = (ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "tid": transfer = Number(ref reader); break;
                case "role": role = Wire.Text(ref reader) == "sink" ? TransferRole.Sink : TransferRole.Source; break;
                case "node": node = Wire.Node(ref reader); break;
                case "until": expires = reader.ReadInt64(); break;
                case "attempt": attempt = reader.ReadUInt32(); break;
                case "relay": address = Wire.Text(ref reader); break;
                case "seal": seal = CallFrame.Copy(ref reader); break;
                case "key": key = CallFrame.Copy(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return node == default || transfer == 0 || expires is < 0 or > 253_402_300_799_999
            ? throw Wire.Invalid("ticket")
            : new(transfer, role, node, DateTimeOffset.FromUnixTimeMilliseconds(expires)) { Attempt = attempt, RelayAddress = address, Sealed = seal, JoinKey = key };
    }

    /// <summary>Writes a ticket.</summary>
    public static void Write(ref MessagePackWriter writer, TransferTicket ticket)
    {
        writer.WriteMapHeader(8);
        writer.Write("tid");
        Write(ref writer, ticket.Transfer);
        writer.Write("role");
        writer.Write(ticket.Role == TransferRole.Sink ? "sink" : "source");
        writer.Write("node");
        writer.Write(ticket.Node.Value);
        writer.Write("until");
        writer.Write(ticket.NotAfter.ToUnixTimeMilliseconds());
        writer.Write("attempt");
        writer.Write(ticket.Attempt);
        writer.Write("relay");
        writer.Write(ticket.RelayAddress);
        writer.Write("seal");
        writer.Write(ticket.Sealed.Span);
        writer.Write("key");
        writer.Write(ticket.JoinKey.Span);
    }

    /// <summary>Passes over a field that this version does not know.</summary>
    public static T Skip<T>(ref MessagePackReader reader, T message)
    {
        reader.Skip();
        return message;
    }
}
