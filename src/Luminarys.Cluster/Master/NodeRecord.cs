using Luminarys.Cluster.Membership;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>What the directory knows of a node that is not gone. Used by the directory's one thread only.</summary>
internal sealed class NodeRecord(NodeId id, InstanceId instance, TimeSpan joinedAt)
{
    public NodeId Id { get; } = id;

    public InstanceId Instance { get; } = instance;

    public TimeSpan JoinedAt { get; } = joinedAt;

    public ulong Incarnation { get; set; }

    public NodeState State { get; set; } = NodeState.Joining;

    /// <summary>Revision of <see cref="Skills"/>; 0 before the first registration.</summary>
    public ulong RegistrationRevision { get; set; }

    public SkillList Skills { get; set; } = SkillList.Empty;

    /// <summary>Place in the order of registrations; a changed list takes a new place.</summary>
    public long Order { get; set; }

    /// <summary>Pages of a list that is not complete yet; null when none is on its way.</summary>
    public RegistrationPages? Pages { get; set; }

    public TimeSpan HeardAt { get; set; } = joinedAt;

    public long T0 { get; set; }

    public bool TakesBundles { get; set; }

    public TimeSpan? SyncAskedAt { get; set; }

    public Node ToNode() => new(Id, NodeRole.Slave, State, Incarnation, Instance);

    public Peer ToPeer() => new(Id, Instance, State == NodeState.Suspect, T0, HeardAt, TakesBundles);
}
