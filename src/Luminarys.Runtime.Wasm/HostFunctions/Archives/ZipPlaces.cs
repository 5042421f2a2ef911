using System.Buffers.Binary;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>
/// Where the entries of a zip file stand. Their local headers must say what the directory says, because other programs read those, and no two
/// may share bytes, because that is how a small file becomes a large one.
/// </summary>
internal sealed class ZipPlaces(Stream archive, long limit, ArchiveBudget budget)
{
    private const uint Signature = 0x04034b50;
    private const uint DescriptorSignature = 0x08074b50;
    private const int HeaderSize = 30;
    private const int EncryptedFlag = 0x1;
    private const int DescriptorFlag = 0x8;
    private const int MaxDescriptor = 24;

    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>Finds the content of an entry.</summary>
    /// <param name="entry">From the directory.</param>
    /// <param name="name">Its name there, as bytes.</param>
    public void Add(ZipEntry entry, ReadOnlySpan<byte> name)
    {
        var header = Read(entry.Offset, HeaderSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Signature)
        {
            throw Refused(entry, "has no local header");
        }

        var nameLength = UInt16(header, 26);
        var extraLength = UInt16(header, 28);
        var names = Read(entry.Offset + HeaderSize, nameLength + extraLength).AsSpan();
        var hasDescriptor = (UInt16(header, 6) & DescriptorFlag) != 0;
        if (budget.Defences.ChecksLocalHeaders)
        {
            Compare(entry, header, names[nameLength..], names[..nameLength].SequenceEqual(name), hasDescriptor);
        }

        entry.ContentOffset = entry.Offset + HeaderSize + nameLength + extraLength;
        if (entry.PackedLength > limit - entry.ContentOffset)
        {
            throw Refused(entry, "reaches beyond the directory");
        }

        var end = entry.ContentOffset + entry.PackedLength;
        _ranges.Add((entry.Offset, hasDescriptor && budget.Defences.ChecksLocalHeaders ? end + DescriptorLength(entry, end) : end));
    }

    /// <summary>Ends the reading when two entries share bytes.</summary>
    public void RefuseOverlaps()
    {
        if (!budget.Defences.RefusesOverlaps)
        {
            return;
        }

        _ranges.Sort();
        for (var i = 1; i < _ranges.Count; i++)
        {
            if (_ranges[i].Start < _ranges[i - 1].End)
            {
                throw ArchiveException.Refused("two entries share bytes");
            }
        }
    }

    private static void Compare(ZipEntry entry, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra, bool isSameName, bool hasDescriptor)
    {
        Span<long> numbers = [UInt32(header, 22), UInt32(header, 18)];
        ZipExtra.Resolve(extra, numbers);
        var crc = UInt32(header, 14);
        var isSame = isSameName && UInt16(header, 8) == entry.Method && ((UInt16(header, 6) ^ entry.Flags) & EncryptedFlag) == 0
            && Agrees(numbers[0], entry.Length, hasDescriptor) && Agrees(numbers[1], entry.PackedLength, hasDescriptor) && Agrees(crc, entry.Crc, hasDescriptor);
        if (!isSame)
        {
            throw Refused(entry, "has a local header that contradicts the directory");
        }
    }

    // Who wrote the header before the content left zeros in it.
    private static bool Agrees(long local, long central, bool hasDescriptor) => local == central || (hasDescriptor && local == 0);

    // Its signature is optional and its lengths have four or eight bytes; nothing tells which.
    private int DescriptorLength(ZipEntry entry, long at)
    {
        var bytes = Read(at, (int)Math.Min(MaxDescriptor, limit - at)).AsSpan();
        var start = bytes.Length >= 4 && UInt32(bytes, 0) == DescriptorSignature ? 4 : 0;
        return FindDescriptor(entry, bytes, start) is var signed and > 0 ? signed
            : FindDescriptor(entry, bytes, 0) is var bare and > 0 ? bare
            : throw Refused(entry, "has a descriptor that contradicts the directory");
    }

    private static int FindDescriptor(ZipEntry entry, ReadOnlySpan<byte> bytes, int start)
    {
        if (bytes.Length < start + 12 || UInt32(bytes, start) != entry.Crc)
        {
            return 0;
        }

        bytes = bytes[(start + 4)..];
        return UInt32(bytes, 0) == entry.PackedLength && UInt32(bytes, 4) == entry.Length ? start + 12
            : bytes.Length >= 16 && Int64(bytes, 0) == entry.PackedLength && Int64(bytes, 8) == entry.Length ? start + 20
            : 0;
    }

    private byte[] Read(long at, int length)
    {
        if (at > limit - length)
        {
            throw ArchiveException.Refused("an entry reaches beyond the directory");
        }

        var bytes = new byte[length];
        archive.Position = at;
        archive.ReadExactly(bytes);
        return bytes;
    }

    private static ArchiveException Refused(ZipEntry entry, string reason) =>
        ArchiveException.Refused($"entry '{EntryName.Show(entry.Entry.Name)}' {reason}");

    private static ushort UInt16(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt16LittleEndian(header[at..]);

    private static uint UInt32(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt32LittleEndian(header[at..]);

    private static long Int64(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadInt64LittleEndian(header[at..]);
}
