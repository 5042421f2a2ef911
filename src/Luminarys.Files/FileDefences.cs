namespace Luminarys.Files;

/// <summary>The walls of file access, each of which a test takes down to see what it holds back. Nothing but a test changes them.</summary>
internal sealed record FileDefences
{
    /// <summary>Every wall stands.</summary>
    public static FileDefences All { get; } = new();

    /// <summary>Paths are opened beneath the granted directory, so that neither links nor renaming lead out.</summary>
    public bool Beneath { get; init; } = true;

    /// <summary>The real path of what was opened is judged again.</summary>
    public bool RealPath { get; init; } = true;

    /// <summary>The real path counts with its own mode, so that a read-only grant stays so by every way.</summary>
    public bool NestedReadOnly { get; init; } = true;

    /// <summary>What is changed is never reached through a link in its last segment.</summary>
    public bool NoFollow { get; init; } = true;

    /// <summary>Only regular files and directories are opened.</summary>
    public bool Kind { get; init; } = true;

    /// <summary>File systems of the kernel are closed.</summary>
    public bool KernelTrees { get; init; } = true;

    /// <summary>Names of the host's own are refused and hidden.</summary>
    public bool ReservedNames { get; init; } = true;

    /// <summary>A granted directory, and one that holds a read-only grant, is not removed or changed as part of another.</summary>
    public bool KeepsGrants { get; init; } = true;

    /// <summary>Removing stops at the border of another file system.</summary>
    public bool MountBorders { get; init; } = true;

    /// <summary>A file that comes from another node takes its room on the disk before its first byte.</summary>
    public bool TakesRoomAhead { get; init; } = true;
}
