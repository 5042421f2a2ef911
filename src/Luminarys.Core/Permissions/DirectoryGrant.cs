namespace Luminarys.Permissions;

/// <summary>One directory entry of a manifest, such as <c>/data/projects/*/src:rw</c>: the directory itself and everything below it.</summary>
/// <param name="Pattern">Absolute path; <c>* ? [] {}</c> and <c>**</c> have their glob meaning.</param>
/// <param name="Mode">Access granted.</param>
public sealed record DirectoryGrant(string Pattern, AccessMode Mode);
