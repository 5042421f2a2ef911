namespace Luminarys.Permissions;

/// <summary>One directory entry of a manifest, such as <c>/data/projects/*/src:rw</c>: the directory itself and everything below it.</summary>
/// <param name="Pattern">Absolute path; <c>* ? [] {}</c> and <c>**</c> have their glob meaning.</param>
/// <param name="Mode">Access granted.</param>
public sealed record DirectoryGrant(string Pattern, AccessMode Mode)
{
    /// <summary>Whether the host gives it unasked, without a line in the manifest: what is in it may be asked for by its path, and is neither listed nor searched.</summary>
    public bool IsImplied { get; init; }
}
