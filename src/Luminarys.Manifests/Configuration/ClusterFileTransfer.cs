using System.Collections.Immutable;
using Luminarys.Permissions;

namespace Luminarys.Manifests.Configuration;

/// <summary>What peers may do with files of this node (<c>cluster.file_transfer</c>).</summary>
/// <param name="AllowedNodes">Node ids, or <c>*</c> for any; empty for none.</param>
/// <param name="LocalDirectories">Directories that peers may reach; empty for none.</param>
public sealed record ClusterFileTransfer(ImmutableArray<string> AllowedNodes, ImmutableArray<DirectoryGrant> LocalDirectories)
{
    /// <summary>No peer reaches anything.</summary>
    public static ClusterFileTransfer None { get; } = new([], []);

    /// <summary>Whether files are encrypted from end to end (<c>e2e</c>). Both nodes of a transfer must say the same.</summary>
    public bool Encrypts { get; init; } = true;
}
