using System.Buffers.Binary;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Reads the directory of a zip file whole, and compares it with the headers before the content.</summary>
internal static class ZipDirectory
{
    private const uint Signature = 0x02014b50;
    private const int HeaderSize = 46;
    private const int UnixHost = 3;
    private const int MacHost = 19;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Directory = 0x4000;
    private const int SymbolicLink = 0xA000;
    private const UnixFileMode StandardMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Reads all entries, in the directory's order.</summary>
    public static List<ZipEntry> Read(Stream archive, ArchiveBudget budget)
    {
        var end = ZipEnd.Read(archive);
        if (budget.Defences.CountsEntries && (end.Size > budget.Limits.NameBytes || end.Entries > budget.Limits.Entries))
        {
            throw ArchiveException.TooLarge($"a directory of {end.Entries} entries in {end.Size} bytes; {budget.Limits.Entries} and {budget.Limits.NameBytes} are allowed");
        }

        if (end.Entries > end.Size / HeaderSize)
        {
            throw ArchiveException.Refused("its directory is cut off");
        }

        var directory = new byte[end.Size];
        archive.Position = end.Offset;
        archive.ReadExactly(directory);
        var entries = new List<ZipEntry>((int)end.Entries);
        var places = new ZipPlaces(archive, end.Offset, budget);
        var rest = (ReadOnlySpan<byte>)directory;
        for (var left = end.Entries; left > 0; left--)
        {
            var entry = ReadEntry(ref rest, out var name);
            budget.CountEntry(entry.Entry.Name);
            places.Add(entry, name);
            entries.Add(entry);
        }

        if (!rest.IsEmpty)
        {
            throw ArchiveException.Refused("its directory holds more entries than its end says");
        }

        places.RefuseOverlaps();
        return entries;
    }

    private static ZipEntry ReadEntry(ref ReadOnlySpan<byte> directory, out ReadOnlySpan<byte> name)
    {
        if (directory.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(directory) != Signature)
        {
            throw ArchiveException.Refused("its directory is damaged");
        }

        var header = directory[..HeaderSize];
        var (nameLength, extraLength, commentLength) = (UInt16(header, 28), UInt16(header, 30), UInt16(header, 32));
        directory = directory[HeaderSize..];
        if (directory.Length < nameLength + extraLength + commentLength)
        {
            throw ArchiveException.Refused("its directory is cut off");
        }

        name = directory[..nameLength];
        Span<long> numbers = [UInt32(header, 24), UInt32(header, 20), UInt32(header, 42)];
        ZipExtra.Resolve(directory.Slice(nameLength, extraLength), numbers);
        directory = directory[(nameLength + extraLength + commentLength)..];
        if (UInt16(header, 34) is not (0 or ushort.MaxValue))
        {
            throw ArchiveException.Refused("it has several parts");
        }

        return new ZipEntry(Describe(header, name, numbers[0]), UInt16(header, 8), UInt16(header, 10), UInt32(header, 16), numbers[0], numbers[1], numbers[2]);
    }

    // Only some systems write a mode, in the upper half of the attributes.
    private static ArchiveEntry Describe(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name, long length)
    {
        var text = Encoding.UTF8.GetString(name);
        var mode = header[5] is UnixHost or MacHost ? (int)(UInt32(header, 38) >> 16) : 0;
        var isDirectory = text.EndsWith('/') || text.EndsWith('\\');
        var kind = (mode & TypeMask) switch
        {
            0 or RegularFile => isDirectory ? ArchiveEntryKind.Directory : ArchiveEntryKind.File,
            Directory => ArchiveEntryKind.Directory,
            SymbolicLink => ArchiveEntryKind.Link,
            _ => ArchiveEntryKind.Special,
        };
        if (kind == ArchiveEntryKind.Directory && length != 0)
        {
            throw ArchiveException.Refused($"entry '{EntryName.Show(text)}' is a directory and has content");
        }

        return new ArchiveEntry(text, kind, kind == ArchiveEntryKind.File ? length : 0, mode == 0 ? StandardMode : (UnixFileMode)(mode & ~TypeMask));
    }

    private static ushort UInt16(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt16LittleEndian(header[at..]);

    private static uint UInt32(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt32LittleEndian(header[at..]);
}
