using System.Buffers;
using System.Text;
using MessagePack;

namespace Luminarys.Skills.Messages;

/// <summary>
/// Reads single values as guests of three SDKs send them: any integer width, nil for empty, bytes where text is expected and the other
/// way round. The message has passed <see cref="MessageGuard"/>. A value of another kind is skipped and counts as empty.
/// </summary>
internal static class GuestValue
{
    /// <summary>A map's key; empty when it is not text.</summary>
    public static ReadOnlySpan<byte> ReadKey(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType == MessagePackType.String)
        {
            return reader.TryReadStringSpan(out var key) ? key : default;
        }

        reader.Skip();
        return default;
    }

    /// <summary>Text or bytes as text; what is not UTF-8 becomes U+FFFD.</summary>
    public static string ReadText(ref MessagePackReader reader) => Encoding.UTF8.GetString(ReadBytes(ref reader).Span);

    /// <summary>Bytes or text as bytes, as a part of the message; an array of small numbers too, as a copy.</summary>
    public static ReadOnlyMemory<byte> ReadBytes(ref MessagePackReader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Binary:
                return First(reader.ReadBytes());
            case MessagePackType.String:
                return First(reader.ReadStringSequence());
            case MessagePackType.Array:
                return ReadByteArray(ref reader);
            default:
                reader.Skip();
                return default;
        }
    }

    /// <summary>A whole number; floats are cut, true is 1, anything else 0.</summary>
    public static long ReadInteger(ref MessagePackReader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Integer:
                return reader.NextCode == MessagePackCode.UInt64 ? (long)Math.Min(reader.ReadUInt64(), long.MaxValue) : reader.ReadInt64();
            case MessagePackType.Float:
                return (long)reader.ReadDouble();
            case MessagePackType.Boolean:
                return reader.ReadBoolean() ? 1 : 0;
            default:
                reader.Skip();
                return 0;
        }
    }

    /// <summary>True for true and for a number that is not 0.</summary>
    public static bool ReadFlag(ref MessagePackReader reader) => ReadInteger(ref reader) != 0;

    private static ReadOnlyMemory<byte> First(ReadOnlySequence<byte>? sequence) => sequence?.First ?? default;

    private static byte[] ReadByteArray(ref MessagePackReader reader)
    {
        var bytes = new byte[reader.ReadArrayHeader()];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)ReadInteger(ref reader);
        }

        return bytes;
    }
}
