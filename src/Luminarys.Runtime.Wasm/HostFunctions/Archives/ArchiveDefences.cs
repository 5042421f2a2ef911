namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Switches that tests use to show that each defence is what stops an attack.</summary>
internal sealed record ArchiveDefences
{
    /// <summary>Every defence, as it is outside of tests.</summary>
    public static ArchiveDefences All { get; } = new();

    /// <summary>Whether names that lead elsewhere, or are reserved, too long or too deep, are refused.</summary>
    public bool ChecksNames { get; init; } = true;

    /// <summary>Whether anything but files and directories is refused.</summary>
    public bool ChecksTypes { get; init; } = true;

    /// <summary>Whether the same name twice is refused.</summary>
    public bool RefusesDuplicates { get; init; } = true;

    /// <summary>Whether modes lose all but the permission bits.</summary>
    public bool MasksModes { get; init; } = true;

    /// <summary>Whether entries are counted.</summary>
    public bool CountsEntries { get; init; } = true;

    /// <summary>Whether bytes are counted as they are unpacked.</summary>
    public bool CountsBytes { get; init; } = true;

    /// <summary>Whether an archive that expands too well is refused.</summary>
    public bool ChecksRatio { get; init; } = true;

    /// <summary>Whether the data of a zip entry must have the declared length and CRC-32.</summary>
    public bool ChecksContent { get; init; } = true;

    /// <summary>Whether the local header of a zip entry must agree with the directory.</summary>
    public bool ChecksLocalHeaders { get; init; } = true;

    /// <summary>Whether zip entries must not share bytes.</summary>
    public bool RefusesOverlaps { get; init; } = true;
}
