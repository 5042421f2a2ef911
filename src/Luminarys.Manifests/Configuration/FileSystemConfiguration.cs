namespace Luminarys.Manifests.Configuration;

/// <summary>File access of skills (<c>fs</c>).</summary>
public sealed record FileSystemConfiguration
{
    /// <summary>What a finished write promises.</summary>
    public FileDurability Durability { get; init; }

    /// <summary>Whether a file with several names may be opened for writing.</summary>
    public bool AllowHardLinks { get; init; } = true;

    /// <summary>Whether file access is offered on systems where paths cannot be walked safely.</summary>
    public bool UnsafePaths { get; init; }
}
