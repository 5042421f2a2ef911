using System.Collections.Concurrent;
using Luminarys.Nodes;
using Luminarys.Registry;

namespace Luminarys.Cluster.Master;

/// <summary>Spreads the calls of a skill over the nodes that offer the owner's package: each goes to the one with the fewest calls running. Thread-safe.</summary>
internal sealed class NodeLoads(PeerTable peers, NodeId self)
{
    private readonly ConcurrentDictionary<NodeId, Counter> _running = new();

    /// <summary>Where the next call goes: to the owner unless another node has less to do. Allocates nothing.</summary>
    public RegistryEntry Choose(RegistrySnapshot registry, RegistryEntry owner)
    {
        var (best, least) = (owner, IsSteady(owner.Node) ? RunningOn(owner.Node) : int.MaxValue);
        foreach (var replica in registry.ReplicasOf(owner.Skill.Id))
        {
            if (replica.Skill.Digest == owner.Skill.Digest && IsSteady(replica.Node) && RunningOn(replica.Node) is var running && running < least)
            {
                (best, least) = (replica, running);
            }
        }

        return best;
    }

    /// <summary>Calls that run on a node.</summary>
    public int RunningOn(NodeId node) => _running.TryGetValue(node, out var count) ? Volatile.Read(ref count.Value) : 0;

    /// <summary>A call begins on a node.</summary>
    public void Begin(NodeId node) => Interlocked.Increment(ref _running.GetOrAdd(node, static _ => new()).Value);

    /// <summary>A call ended on a node.</summary>
    public void End(NodeId node) => Interlocked.Decrement(ref _running[node].Value);

    private bool IsSteady(NodeId node) => node == self || peers.Find(node) is { IsSuspect: false };

    private sealed class Counter
    {
        public int Value;
    }
}
