using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Membership;

/// <summary>Who sent a message, as its envelope says.</summary>
/// <param name="Node">Node.</param>
/// <param name="Incarnation">Incarnation.</param>
/// <param name="Instance">Process.</param>
/// <param name="Epoch">Highest epoch that the sender knows.</param>
internal readonly record struct Sender(NodeId Node, ulong Incarnation, InstanceId Instance, ulong Epoch)
{
    public static Sender Of(Envelope envelope) => new(envelope.Source, envelope.Incarnation, envelope.Instance, envelope.Epoch);
}
