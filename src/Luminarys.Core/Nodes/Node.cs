namespace Luminarys.Nodes;

/// <summary>A running host in a cluster.</summary>
/// <param name="Id">Name, unique in the cluster.</param>
/// <param name="Role">Master or slave.</param>
/// <param name="State">State as the master sees it.</param>
/// <param name="Incarnation">Counter that grows with each start of the node.</param>
/// <param name="Instance">Random name of this process start.</param>
public sealed record Node(NodeId Id, NodeRole Role, NodeState State, ulong Incarnation, InstanceId Instance)
{
    /// <summary>Whether its skills are listed and may be called: <see cref="NodeState.Alive"/> or <see cref="NodeState.Suspect"/>.</summary>
    public bool IsServing => State is NodeState.Alive or NodeState.Suspect;
}
