using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>Grant to copy files to and from other nodes.</summary>
/// <param name="AllowedNodes">Node ids, or <c>*</c> for any.</param>
/// <param name="LocalDirectories">Directories on this node that may be read or written.</param>
public sealed record FileTransferPermission(ImmutableArray<string> AllowedNodes, ImmutableArray<DirectoryGrant> LocalDirectories);
