using System.Buffers.Binary;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>The extra field of a zip header, of which only the large numbers matter.</summary>
internal static class ZipExtra
{
    private const int LargeNumbers = 1;

    /// <summary>Replaces each number that does not fit its place by the one in the extra field, in their order.</summary>
    public static void Resolve(ReadOnlySpan<byte> extra, Span<long> numbers)
    {
        var large = Find(extra);
        foreach (ref var number in numbers)
        {
            if (number != uint.MaxValue)
            {
                continue;
            }

            if (large.Length < sizeof(long))
            {
                throw ArchiveException.Refused("a header lacks its large numbers");
            }

            number = BinaryPrimitives.ReadInt64LittleEndian(large);
            large = large[sizeof(long)..];
            if (number < 0)
            {
                throw ArchiveException.Refused("a header holds a number that is too large");
            }
        }
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> extra)
    {
        ReadOnlySpan<byte> found = default;
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4 || (id == LargeNumbers && !found.IsEmpty))
            {
                throw ArchiveException.Refused("a header's extra field is malformed");
            }

            found = id == LargeNumbers ? extra.Slice(4, length) : found;
            extra = extra[(4 + length)..];
        }

        return found;
    }
}
