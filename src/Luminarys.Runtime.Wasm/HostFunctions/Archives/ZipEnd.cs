using System.Buffers.Binary;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>The records at the end of a zip file: where its directory stands, and how many entries it has.</summary>
/// <param name="Entries">Entries.</param>
/// <param name="Offset">Start of the directory.</param>
/// <param name="Size">Bytes of the directory.</param>
internal readonly record struct ZipEnd(long Entries, long Offset, long Size)
{
    private const uint Signature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint LargeSignature = 0x06064b50;
    private const int RecordSize = 22;
    private const int LocatorSize = 20;
    private const int LargeSize = 56;

    /// <summary>Finds and reads them. The directory ends where they begin.</summary>
    public static ZipEnd Read(Stream archive)
    {
        var tail = new byte[Math.Min(archive.Length, RecordSize + ushort.MaxValue + LocatorSize)];
        archive.Position = archive.Length - tail.Length;
        archive.ReadExactly(tail);
        var at = tail.Length - RecordSize;
        while (at >= 0 && !IsRecord(tail, at))
        {
            at--;
        }

        if (at < 0)
        {
            throw ArchiveException.Refused("it is no zip file, or bytes follow its end");
        }

        var start = archive.Length - tail.Length + at;
        var record = tail.AsSpan(at);
        var small = new ZipEnd(UInt16(record, 10), UInt32(record, 16), UInt32(record, 12));
        var hasLocator = at >= LocatorSize && UInt32(tail, at - LocatorSize) == LocatorSignature;
        var end = hasLocator ? ReadLarge(archive, tail.AsSpan(at - LocatorSize), start - LocatorSize, ref start) : small;
        if (!hasLocator && (UInt16(record, 4) != 0 || UInt16(record, 6) != 0 || UInt16(record, 8) != small.Entries))
        {
            throw ArchiveException.Refused("it has several parts");
        }

        return Agrees(small.Entries, end.Entries, ushort.MaxValue) && Agrees(small.Offset, end.Offset, uint.MaxValue) && Agrees(small.Size, end.Size, uint.MaxValue)
            && end.Offset <= start && end.Size == start - end.Offset
            ? end
            : throw ArchiveException.Refused("its directory is not where its end says");
    }

    private static bool IsRecord(byte[] tail, int at) => UInt32(tail, at) == Signature && UInt16(tail, at + 20) == tail.Length - at - RecordSize;

    private static bool Agrees(long small, long value, long saturated) => small == value || small == saturated;

    private static ZipEnd ReadLarge(Stream archive, ReadOnlySpan<byte> locator, long locatorStart, ref long start)
    {
        var offset = Int64(locator, 8);
        if (UInt32(locator, 4) != 0 || UInt32(locator, 16) > 1 || offset > locatorStart - LargeSize)
        {
            throw ArchiveException.Refused("its end is malformed, or it has several parts");
        }

        var record = new byte[LargeSize];
        archive.Position = offset;
        archive.ReadExactly(record);
        if (UInt32(record, 0) != LargeSignature || Int64(record, 4) != locatorStart - offset - 12
            || UInt32(record, 16) != 0 || UInt32(record, 20) != 0 || Int64(record, 24) != Int64(record, 32))
        {
            throw ArchiveException.Refused("its end is malformed, or it has several parts");
        }

        start = offset;
        return new ZipEnd(Int64(record, 32), Int64(record, 48), Int64(record, 40));
    }

    private static ushort UInt16(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt16LittleEndian(record[at..]);

    private static uint UInt32(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt32LittleEndian(record[at..]);

    // Values beyond 63 bits count as the largest there is, which no check lets pass.
    private static long Int64(ReadOnlySpan<byte> record, int at) => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(record[at..]), long.MaxValue);
}
