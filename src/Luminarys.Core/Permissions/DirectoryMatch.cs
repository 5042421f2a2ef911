namespace Luminarys.Permissions;

/// <summary>The grant that decides about a path.</summary>
/// <param name="Grant">The most specific one.</param>
/// <param name="Index">Its place among the grants.</param>
/// <param name="Root">The path itself or the directory above it that the grant's pattern names.</param>
public readonly record struct DirectoryMatch(DirectoryGrant Grant, int Index, string Root)
{
    /// <summary>Whether the grant is enough for an act.</summary>
    public bool Allows(AccessMode mode) => Grant.Mode == AccessMode.ReadWrite || mode == AccessMode.ReadOnly;
}
