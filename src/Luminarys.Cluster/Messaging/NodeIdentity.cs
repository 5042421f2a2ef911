using Luminarys.Nodes;

namespace Luminarys.Cluster.Messaging;

/// <summary>Who this process is in its cluster. Incarnation and epoch may rise while it lives. Thread-safe.</summary>
internal sealed class NodeIdentity(ClusterId cluster, NodeId node, NodeRole role)
{
    private ulong _incarnation;
    private ulong _epoch;

    public ClusterId Cluster { get; } = cluster;

    public NodeId Node { get; } = node;

    public NodeRole Role { get; } = role;

    public InstanceId Instance { get; init; } = InstanceId.New();

    /// <summary>Counter over starts of this node.</summary>
    public ulong Incarnation
    {
        get => Volatile.Read(ref _incarnation);
        set => Volatile.Write(ref _incarnation, value);
    }

    /// <summary>On a master its own epoch, on a slave the highest confirmed one.</summary>
    public ulong Epoch
    {
        get => Volatile.Read(ref _epoch);
        set => Volatile.Write(ref _epoch, value);
    }
}
