using System.Buffers.Binary;

namespace Luminarys.Cluster.Transfers;

/// <summary>A message of a tunnel that runs over the bus: kind (1), attempt (4), number (8), big-endian, then what it carries.</summary>
internal static class BusFrame
{
    /// <summary>Asks whether the other end is there. Its number is 0.</summary>
    public const byte Ask = 1;

    /// <summary>Answers that this end is there. Its number is 0.</summary>
    public const byte Answer = 2;

    /// <summary>Bytes of the tunnel. Numbered from 0.</summary>
    public const byte Data = 3;

    /// <summary>How many messages of data were taken.</summary>
    public const byte Credit = 4;

    /// <summary>Nothing more will come. Its number is that of the next data.</summary>
    public const byte End = 5;

    /// <summary>Bytes before what it carries.</summary>
    public const int Head = 1 + sizeof(uint) + sizeof(ulong);

    /// <summary>Most bytes that one carries.</summary>
    public const int Chunk = 128 * 1024;

    /// <summary>Messages of data that may be on their way in one direction.</summary>
    public const int Window = 8;

    /// <summary>Writes the head.</summary>
    public static void Write(Span<byte> frame, byte kind, uint attempt, ulong number)
    {
        frame[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], attempt);
        BinaryPrimitives.WriteUInt64BigEndian(frame[(1 + sizeof(uint))..], number);
    }

    /// <summary>Reads the head; false for what none of this attempt wrote.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, uint attempt, out byte kind, out ulong number)
    {
        (kind, number) = (0, 0);
        if (frame.Length is < Head or > Head + Chunk || BinaryPrimitives.ReadUInt32BigEndian(frame[1..]) != attempt)
        {
            return false;
        }

        (kind, number) = (frame[0], BinaryPrimitives.ReadUInt64BigEndian(frame[(1 + sizeof(uint))..]));
        return kind is >= Ask and <= End;
    }
}
