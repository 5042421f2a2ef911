using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Cluster.Transfers;

/// <summary>What a node lets others copy from it and to it (<c>cluster.file_transfer</c>).</summary>
/// <param name="Permission">Which nodes, and which directories.</param>
/// <param name="Files">The directories, opened.</param>
internal sealed record SharedFiles(FileTransferPermission Permission, ITransferFiles Files)
{
    /// <summary>
    /// Whether files may go to or come from a node, for somebody; the directories are judged when a file is opened. An operator has no files: the two
    /// nodes judge each other.
    /// </summary>
    public bool Allows(NodeId node, NodeId wanting) => Allows(node) && (Operators.Is(wanting) || Allows(wanting));

    private bool Allows(NodeId node) => Permission.AllowedNodes.Contains("*") || Permission.AllowedNodes.Contains(node.Value);
}
