using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master.Transfers;

/// <summary>The nodes of the cluster as transfers see them. Thread-safe.</summary>
internal interface ITransferMembers
{
    /// <summary>The master itself.</summary>
    NodeId Self { get; }

    /// <summary>Whether a node serves, this one included.</summary>
    bool IsLive(NodeId node);

    /// <summary>Asks a node, or this one; a node that does not answer is a fault like others.</summary>
    ValueTask<TransferAnswer> AskAsync(NodeId node, TransferMessage message, CancellationToken cancellationToken);
}
