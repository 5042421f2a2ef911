using System.Buffers.Binary;

namespace Luminarys.Skills.Messages;

/// <summary>
/// Checks the structure of a message from a guest before anything reads it: exactly one MessagePack value, at most
/// <see cref="MaxDepth"/> deep, no collection that claims more elements than bytes are left, no extension types. Readers behind it may
/// skip and recurse without limits of their own.
/// </summary>
internal static class MessageGuard
{
    public const int MaxDepth = 32;

    /// <summary>What is wrong with the message; null when nothing is.</summary>
    /// <param name="message">The message.</param>
    /// <param name="maxValues">Values at most, keys and those inside others included.</param>
    public static string? FindFault(ReadOnlySpan<byte> message, int maxValues = int.MaxValue)
    {
        var values = 0;
        Span<long> open = stackalloc long[MaxDepth + 1];
        var depth = 0;
        open[0] = 1;
        var rest = message;
        while (true)
        {
            while (open[depth] == 0)
            {
                if (depth == 0)
                {
                    return rest.IsEmpty ? null : "bytes after the end";
                }

                depth--;
            }

            if (++values > maxValues)
            {
                return $"more than {maxValues} values";
            }

            open[depth]--;
            if (!TryReadHeader(ref rest, out var body, out var elements))
            {
                return "truncated or not MessagePack";
            }

            if (body > rest.Length || elements > rest.Length - body)
            {
                return "a length exceeds the message";
            }

            rest = rest[(int)body..];
            if (elements > 0)
            {
                if (depth == MaxDepth)
                {
                    return $"nested deeper than {MaxDepth} levels";
                }

                open[++depth] = elements;
            }
        }
    }

    // Reads one header; body is the number of bytes that belong to the value itself, elements the number of values inside it.
    private static bool TryReadHeader(ref ReadOnlySpan<byte> rest, out long body, out long elements)
    {
        body = 0;
        elements = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        var code = rest[0];
        rest = rest[1..];
        switch (code)
        {
            case <= 0x7f or >= 0xe0 or 0xc0 or 0xc2 or 0xc3:
                return true;
            case <= 0x8f:
                elements = (code & 0x0f) * 2;
                return true;
            case <= 0x9f:
                elements = code & 0x0f;
                return true;
            case <= 0xbf:
                body = code & 0x1f;
                return true;
            case 0xc4 or 0xd9:
                return TryReadLength(ref rest, 1, out body);
            case 0xc5 or 0xda:
                return TryReadLength(ref rest, 2, out body);
            case 0xc6 or 0xdb:
                return TryReadLength(ref rest, 4, out body);
            case 0xca or 0xcb:
                body = code == 0xca ? 4 : 8;
                return true;
            case >= 0xcc and <= 0xd3:
                body = 1 << (code & 3);
                return true;
            case 0xdc or 0xdd:
                return TryReadLength(ref rest, code == 0xdc ? 2 : 4, out elements);
            case 0xde or 0xdf:
                var read = TryReadLength(ref rest, code == 0xde ? 2 : 4, out elements);
                elements *= 2;
                return read;
            default:
                return false; // extension types and the unused code
        }
    }

    private static bool TryReadLength(ref ReadOnlySpan<byte> rest, int size, out long length)
    {
        length = 0;
        if (rest.Length < size)
        {
            return false;
        }

        length = size switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest),
        };
        rest = rest[size..];
        return true;
    }
}
