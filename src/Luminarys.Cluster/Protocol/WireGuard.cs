using System.Buffers.Binary;

namespace Luminarys.Cluster.Protocol;

/// <summary>
/// Looks at the shape of a whole message before anything in it is used: depth, lengths, text keys without duplicates, no extension types, nothing
/// behind the end. What passes can be skipped and read without surprises. It walks the bytes itself: every message of the bus comes by here.
/// </summary>
internal static class WireGuard
{
    private const int MaxDepth = 16;
    private const int MaxFields = 64;

    /// <summary>Whether the bytes are exactly one well-formed map.</summary>
    public static bool Accepts(ReadOnlySpan<byte> bytes)
    {
        var walk = new Walk(bytes);
        return bytes.Length > 0 && IsMap(bytes[0]) && walk.TryValue(1) && walk.IsAtEnd;
    }

    private static bool IsMap(byte code) => code is (>= 0x80 and <= 0x8f) or 0xde or 0xdf;

    /// <summary>A place in the bytes. Every step is checked against the end of them.</summary>
    private ref struct Walk(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;

        public readonly bool IsAtEnd => _at == _bytes.Length;

        public bool TryValue(int depth)
        {
            if (_at >= _bytes.Length)
            {
                return false;
            }

            var code = _bytes[_at++];
            switch (code)
            {
                case <= 0x7f or >= 0xe0 or 0xc0 or 0xc2 or 0xc3: return true;
                case <= 0x8f: return TryMap(code & 0x0f, depth);
                case <= 0x9f: return TryArray(code & 0x0f, depth);
                case <= 0xbf: return TrySkip(code & 0x1f);
                case 0xc4 or 0xd9: return TryLength(1, out var small) && TrySkip(small);
                case 0xc5 or 0xda: return TryLength(2, out var middle) && TrySkip(middle);
                case 0xc6 or 0xdb: return TryLength(4, out var large) && TrySkip(large);
                case 0xcc or 0xd0: return TrySkip(1);
                case 0xcd or 0xd1: return TrySkip(2);
                case 0xca or 0xce or 0xd2: return TrySkip(4);
                case 0xcb or 0xcf or 0xd3: return TrySkip(8);
                case 0xdc: return TryLength(2, out var few) && TryArray(few, depth);
                case 0xdd: return TryLength(4, out var many) && TryArray(many, depth);
                case 0xde: return TryLength(2, out var fields) && TryMap(fields, depth);
                case 0xdf: return TryLength(4, out var entries) && TryMap(entries, depth);

                // Extensions, and the code that MessagePack never uses.
                default: return false;
            }
        }

        private bool TryArray(long count, int depth)
        {
            // Each element has at least one byte: a count beyond them ends here, and not after as many steps.
            if (depth > MaxDepth || count > _bytes.Length - _at)
            {
                return false;
            }

            for (; count > 0; count--)
            {
                if (!TryValue(depth + 1))
                {
                    return false;
                }
            }

            return true;
        }

        private bool TryMap(long count, int depth)
        {
            if (depth > MaxDepth || count > MaxFields)
            {
                return false;
            }

            Span<(int Start, int Length)> keys = stackalloc (int, int)[(int)count];
            var hashes = 0UL;
            for (var i = 0; i < count; i++)
            {
                if (!TryKey(out keys[i]))
                {
                    return false;
                }

                // A key whose bit nobody has set is new; only the others are compared.
                var bit = 1UL << AsciiHash.Of(_bytes.Slice(keys[i].Start, keys[i].Length));
                if (((hashes & bit) != 0 && IsRepeated(keys[..(i + 1)])) || !TryValue(depth + 1))
                {
                    return false;
                }

                hashes |= bit;
            }

            return true;
        }

        // Only the text counts: the same key may be written with headers of different length.
        private readonly bool IsRepeated(ReadOnlySpan<(int Start, int Length)> keys)
        {
            var last = keys[^1];
            var text = _bytes.Slice(last.Start, last.Length);
            foreach (var (start, length) in keys[..^1])
            {
                if (length == last.Length && _bytes.Slice(start, length).SequenceEqual(text))
                {
                    return true;
                }
            }

            return false;
        }

        private bool TryKey(out (int Start, int Length) key)
        {
            key = default;
            if (_at >= _bytes.Length)
            {
                return false;
            }

            var code = _bytes[_at++];
            long length = code & 0x1f;
            var isText = code switch
            {
                >= 0xa0 and <= 0xbf => true,
                0xd9 => TryLength(1, out length),
                0xda => TryLength(2, out length),
                0xdb => TryLength(4, out length),
                _ => false,
            };
            var start = _at;
            if (!isText || !TrySkip(length))
            {
                return false;
            }

            key = (start, (int)length);
            return true;
        }

        private bool TryLength(int size, out long length)
        {
            length = 0;
            if (size > _bytes.Length - _at)
            {
                return false;
            }

            var field = _bytes.Slice(_at, size);
            length = size switch
            {
                1 => field[0],
                2 => BinaryPrimitives.ReadUInt16BigEndian(field),
                _ => BinaryPrimitives.ReadUInt32BigEndian(field),
            };
            _at += size;
            return true;
        }

        private bool TrySkip(long count)
        {
            if (count > _bytes.Length - _at)
            {
                return false;
            }

            _at += (int)count;
            return true;
        }
    }
}
