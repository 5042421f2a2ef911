using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Cluster.Transfers;

/// <summary>What a node lets others copy from it and to it (<c>cluster.file_transfer</c>).</summary>
/// <param name="Permission">Which nodes, and which directories.</param>
/// <param name="Files">The directories, opened.</param>
internal sealed record SharedFiles(FileTransferPermission Permission, ITransferFiles Files)
{
    /// <summary>Whether a node may copy at all; the directories are judged when a file is opened.</summary>
    public bool Allows(NodeId node) => Permission.AllowedNodes.Contains("*") || Permission.AllowedNodes.Contains(node.Value);
}
