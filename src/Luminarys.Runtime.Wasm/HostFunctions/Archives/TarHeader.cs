using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>One header block of a tar file.</summary>
/// <param name="Name">Name with its prefix.</param>
/// <param name="Type">Type flag.</param>
/// <param name="Size">Declared length of what follows.</param>
/// <param name="Mode">Mode bits.</param>
internal readonly record struct TarHeader(string Name, char Type, long Size, UnixFileMode Mode)
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = 512;

    /// <summary>Extended attributes for the next entry.</summary>
    public const char Pax = 'x';

    /// <summary>Extended attributes for all further entries.</summary>
    public const char PaxGlobal = 'g';

    /// <summary>The next entry's name, when it is longer than the field.</summary>
    public const char LongName = 'L';

    /// <summary>The next entry's link target, when it is longer than the field.</summary>
    public const char LongLink = 'K';

    private const int ChecksumAt = 148;
    private const int ChecksumLength = 8;

    /// <summary>What the type flag stands for. Files of old formats that end in a slash are directories.</summary>
    public ArchiveEntryKind KindOf(string name) => Type switch
    {
        '0' or '\0' or '7' => name.EndsWith('/') ? ArchiveEntryKind.Directory : ArchiveEntryKind.File,
        '5' => ArchiveEntryKind.Directory,
        '1' or '2' => ArchiveEntryKind.Link,
        _ => ArchiveEntryKind.Special,
    };

    /// <summary>Reads a block that is not all zeros.</summary>
    public static TarHeader Parse(ReadOnlySpan<byte> block)
    {
        if (!HasChecksum(block))
        {
            throw ArchiveException.Refused("a header's checksum is wrong");
        }

        var name = Text(block[..100]);
        var prefix = block.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Text(block.Slice(345, 155)) : "";
        return new TarHeader(
            prefix.Length > 0 ? $"{prefix}/{name}" : name, (char)block[156], Number(block.Slice(124, 12)), (UnixFileMode)(Number(block.Slice(100, 8)) & 0xFFFF));
    }

    // Old programs added the bytes as signed numbers.
    private static bool HasChecksum(ReadOnlySpan<byte> block)
    {
        long unsigned = 0;
        long signed = 0;
        for (var i = 0; i < BlockSize; i++)
        {
            var value = i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        var declared = Number(block.Slice(ChecksumAt, ChecksumLength));
        return declared == unsigned || declared == signed;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    // Octal digits, or with the first bit set a binary number.
    private static long Number(ReadOnlySpan<byte> field)
    {
        if (field[0] == 0x80)
        {
            return Binary(field[1..]);
        }

        long number = 0;
        foreach (var digit in field.TrimStart((byte)' ').TrimEnd(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                throw ArchiveException.Refused("a header holds a number that is none");
            }

            number = (number * 8) + digit - '0';
        }

        return number;
    }

    private static long Binary(ReadOnlySpan<byte> field)
    {
        long number = 0;
        foreach (var part in field)
        {
            if (number > long.MaxValue >> 8)
            {
                throw ArchiveException.Refused("a header holds a number that is too large");
            }

            number = (number << 8) | part;
        }

        return number;
    }
}
