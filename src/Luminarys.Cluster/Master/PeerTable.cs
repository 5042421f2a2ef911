using System.Collections.Concurrent;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>The nodes that calls may go to. Written by the directory, read on the path of calls without a lock. Thread-safe.</summary>
internal sealed class PeerTable
{
    private readonly ConcurrentDictionary<NodeId, Peer> _peers = new();

    public Peer? Find(NodeId node) => _peers.GetValueOrDefault(node);

    public void Set(Peer peer) => _peers[peer.Node] = peer;

    public void Remove(NodeId node) => _peers.TryRemove(node, out _);
}
