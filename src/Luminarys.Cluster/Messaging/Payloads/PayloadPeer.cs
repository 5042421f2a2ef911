using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>The process at the other end of a payload.</summary>
/// <param name="Node">Its node; null for the master, which its slaves know by its process.</param>
/// <param name="Instance">The process.</param>
internal readonly record struct PayloadPeer(NodeId? Node, InstanceId Instance)
{
    /// <summary>Whether it sent the message.</summary>
    public bool Sent(Envelope envelope) => envelope.Instance == Instance && (Node is null || Node == envelope.Source);
}
