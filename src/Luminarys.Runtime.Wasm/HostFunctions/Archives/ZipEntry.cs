namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>One entry of a zip file's directory.</summary>
/// <param name="Entry">What every archive tells of an entry.</param>
/// <param name="Flags">General purpose flags.</param>
/// <param name="Method">Compression method.</param>
/// <param name="Crc">Declared checksum.</param>
/// <param name="Length">Declared length.</param>
/// <param name="PackedLength">Declared length in the archive.</param>
/// <param name="Offset">Start of the local header.</param>
internal sealed record ZipEntry(ArchiveEntry Entry, int Flags, int Method, uint Crc, long Length, long PackedLength, long Offset)
{
    /// <summary>Content as it is.</summary>
    public const int Stored = 0;

    /// <summary>Deflated content.</summary>
    public const int Deflated = 8;

    // Encrypted, patched, strongly encrypted, masked headers.
    private const int RefusedFlags = 0x1 | 0x20 | 0x40 | 0x2000;

    /// <summary>Start of the content. Set when the local header was read.</summary>
    public long ContentOffset { get; set; }

    /// <summary>Why the content is not read; null when it is.</summary>
    public string? FindFault() =>
        (Flags & RefusedFlags) != 0 ? "is encrypted or patched"
        : Method is not (Stored or Deflated) ? $"is compressed by method {Method}; 0 and 8 are known"
        : Method == Stored && Length != PackedLength ? "has a length other than its content"
        : null;
}
