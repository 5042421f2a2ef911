using System.Buffers.Binary;
using System.Security.Cryptography;
using Luminarys.Transfers;

namespace Luminarys.Files.Transfers;

/// <summary>What a host must know of a file on its way in after a crash. Its bytes are fixed in number and hold their own sum.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Transfer">Transfer that brought it.</param>
/// <param name="Length">Size of the whole file.</param>
/// <param name="Durable">How much of it is on the disk.</param>
/// <param name="Hash">Of the whole file; of nothing while it is on its way.</param>
internal sealed record IncomingNote(IncomingState State, UInt128 Transfer, long Length, long Durable, ContentHash Hash)
{
    /// <summary>Bytes of a note.</summary>
    public const int Size = SumAt + SumSize;

    private const int SumAt = 8 + 1 + 16 + 8 + 8 + ContentHash.Size;
    private const int SumSize = 16;

    private static ReadOnlySpan<byte> Magic => "LMNOTE\u0001\0"u8;

    /// <summary>Writes it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        bytes[8] = (byte)State;
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(9), Transfer);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(25), Length);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(33), Durable);
        Hash.Write(bytes.AsSpan(41));
        SHA256.HashData(bytes.AsSpan(0, SumAt)).AsSpan(0, SumSize).CopyTo(bytes.AsSpan(SumAt));
        return bytes;
    }

    /// <summary>Reads it; null for bytes that are no whole note.</summary>
    public static IncomingNote? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size || !bytes.StartsWith(Magic) || !SHA256.HashData(bytes[..SumAt]).AsSpan(0, SumSize).SequenceEqual(bytes[SumAt..]))
        {
            return null;
        }

        var note = new IncomingNote(
            (IncomingState)bytes[8],
            BinaryPrimitives.ReadUInt128BigEndian(bytes[9..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[25..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[33..]),
            ContentHash.Read(bytes[41..]));
        return Enum.IsDefined(note.State) && note.Length >= 0 && note.Durable >= 0 && note.Durable <= note.Length ? note : null;
    }
}
