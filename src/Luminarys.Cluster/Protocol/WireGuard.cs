using System.Buffers;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>
/// Looks at the shape of a whole message before anything in it is used: depth, lengths, text keys without duplicates, no extension types, nothing
/// behind the end. What passes can be skipped and read without surprises.
/// </summary>
internal static class WireGuard
{
    private const int MaxDepth = 16;
    private const int MaxFields = 64;

    /// <summary>Whether the bytes are exactly one well-formed map.</summary>
    public static bool Accepts(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            return reader.NextMessagePackType == MessagePackType.Map && AcceptsValue(ref reader, bytes.Span, 1) && reader.End;
        }
        catch (Exception exception) when (Wire.IsMalformed(exception))
        {
            return false;
        }
    }

    private static bool AcceptsValue(ref MessagePackReader reader, ReadOnlySpan<byte> bytes, int depth)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Map:
                return depth <= MaxDepth && AcceptsMap(ref reader, bytes, depth);
            case MessagePackType.Array:
                return depth <= MaxDepth && AcceptsArray(ref reader, bytes, depth);
            case MessagePackType.Extension or MessagePackType.Unknown:
                return false;
            default:
                reader.Skip();
                return true;
        }
    }

    private static bool AcceptsArray(ref MessagePackReader reader, ReadOnlySpan<byte> bytes, int depth)
    {
        // The header reader refuses counts that the remaining bytes cannot hold.
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            if (!AcceptsValue(ref reader, bytes, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AcceptsMap(ref MessagePackReader reader, ReadOnlySpan<byte> bytes, int depth)
    {
        var count = reader.ReadMapHeader();
        if (count > MaxFields)
        {
            return false;
        }

        Span<(int Start, int End)> keys = stackalloc (int, int)[count];
        for (var i = 0; i < count; i++)
        {
            if (reader.NextMessagePackType != MessagePackType.String)
            {
                return false;
            }

            // Only the text counts: the same key may be written with headers of different length.
            var length = KeyLength(ref reader);
            var end = (int)reader.Consumed;
            var key = bytes[(end - length)..end];
            for (var j = 0; j < i; j++)
            {
                if (bytes[keys[j].Start..keys[j].End].SequenceEqual(key))
                {
                    return false;
                }
            }

            keys[i] = (end - length, end);
            if (!AcceptsValue(ref reader, bytes, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private static int KeyLength(ref MessagePackReader reader) => (int)(reader.ReadStringSequence() ?? default).Length;
}
