using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>What a call needs to know about the node it goes to. Immutable.</summary>
/// <param name="Node">Node.</param>
/// <param name="Instance">Process.</param>
/// <param name="IsSuspect">Whether it missed heartbeats.</param>
/// <param name="T0">The node's clock in its last heartbeat, in milliseconds.</param>
/// <param name="HeardAt">When that heartbeat came, on the master's clock.</param>
/// <param name="TakesBundles">Whether it takes calls in bundles.</param>
internal sealed record Peer(NodeId Node, InstanceId Instance, bool IsSuspect, long T0, TimeSpan HeardAt, bool TakesBundles = false);
