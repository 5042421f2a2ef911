namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>How much one call may pack, unpack or list.</summary>
internal sealed record ArchiveLimits
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>The limits that hold outside of tests.</summary>
    public static ArchiveLimits Standard { get; } = new();

    /// <summary>Bytes of all files.</summary>
    public long TotalBytes { get; init; } = 1024 * Mebibyte;

    /// <summary>Bytes of one file.</summary>
    public long EntryBytes { get; init; } = 512 * Mebibyte;

    /// <summary>Entries of any kind.</summary>
    public int Entries { get; init; } = 100_000;

    /// <summary>Bytes out of the decompressor for each byte into it.</summary>
    public long Ratio { get; init; } = 200;

    /// <summary>Bytes out of the decompressor before the ratio counts: short texts of one letter are no attack.</summary>
    public long RatioFreeBytes { get; init; } = 10 * Mebibyte;

    /// <summary>Bytes out of the decompressor between two looks at the ratio.</summary>
    public long RatioStep { get; init; } = Mebibyte;

    /// <summary>Bytes of all names together, and of a zip file's directory: they are held in memory.</summary>
    public long NameBytes { get; init; } = 32 * Mebibyte;

    /// <summary>Bytes of one name.</summary>
    public int NameLength { get; init; } = 4096;

    /// <summary>Bytes of one part of a name.</summary>
    public int SegmentLength { get; init; } = 255;

    /// <summary>Parts of one name.</summary>
    public int Depth { get; init; } = 64;
}
