using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master.SkillCalls;

/// <summary>
/// What the master knows of chains of calls between skills: how many calls each has made, and how deep it was when it reached a node. A node's word
/// counts where it makes a chain longer, never where it makes one shorter. Thread-safe.
/// </summary>
/// <remarks>
/// A node may name a chain that the master sent to it. Any other name is the node's own, such as that of a schedule or of a client's call: calls
/// under it form a chain of their own, whose root is the first of them. So no node shares or uses up what belongs to another's chain.
/// </remarks>
internal sealed class CallChains(TimeProvider time)
{
    /// <summary>Calls of one chain that the master routes at most.</summary>
    public const int Limit = 256;

    /// <summary>The deepest call that is routed.</summary>
    public const int MaxDepth = 16;

    private const int MaxChains = 65536;
    private const int SweepAt = 1024;
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, Chain> _byRoot = [];
    private readonly Dictionary<(NodeId Node, CallId Claimed), Chain> _byClaim = [];
    private int _sweepAt = SweepAt;

    /// <summary>Chains that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byRoot.Count;
            }
        }
    }

    /// <summary>Takes one call of a node from what its chain may still do; false when the chain is too long or too deep.</summary>
    /// <param name="node">The node whose skill calls.</param>
    /// <param name="id">The call.</param>
    /// <param name="claimed">The root and the depth that the node claims.</param>
    /// <param name="link">The root and the depth that count.</param>
    public bool TryTake(NodeId node, CallId id, ChainLink claimed, out ChainLink link)
    {
        lock (_gate)
        {
            var chain = Find(node, claimed.Root) ?? Begin(id, (node, claimed.Root));
            link = new(chain.Root, Math.Max(claimed.Depth, chain.Depths.GetValueOrDefault(node) + 1));
            chain.UsedAt = time.GetTimestamp();
            if (link.Depth > MaxDepth || chain.Taken >= Limit)
            {
                return false;
            }

            chain.Taken++;
            return true;
        }
    }

    /// <summary>A call of the chain goes to the node, which may lead it on from there.</summary>
    public void Reach(NodeId node, ChainLink link)
    {
        lock (_gate)
        {
            var chain = _byRoot.GetValueOrDefault(link.Root) ?? Begin(link.Root, null);
            chain.UsedAt = time.GetTimestamp();
            chain.Depths[node] = Math.Min(chain.Depths.GetValueOrDefault(node, int.MaxValue), link.Depth);
        }
    }

    /// <summary>A call of the chain has ended: what it led to may still come for a while.</summary>
    public void Leave(CallId root)
    {
        lock (_gate)
        {
            if (_byRoot.TryGetValue(root, out var chain))
            {
                chain.UsedAt = time.GetTimestamp();
            }
        }
    }

    private Chain? Find(NodeId node, CallId claimed) =>
        _byRoot.TryGetValue(claimed, out var chain) && chain.Depths.ContainsKey(node) ? chain : _byClaim.GetValueOrDefault((node, claimed));

    private Chain Begin(CallId root, (NodeId Node, CallId Claimed)? claim)
    {
        Forget();
        var chain = new Chain(root, claim);
        _byRoot[root] = chain;
        if (claim is { } key)
        {
            _byClaim[key] = chain;
        }

        return chain;
    }

    // Rare: a sweep that leaves many makes the next one later. What is beyond the limit goes even if it is young: the longest unused first.
    private void Forget()
    {
        if (_byRoot.Count < _sweepAt)
        {
            return;
        }

        var now = time.GetTimestamp();
        var old = _byRoot.Values.Where(chain => time.GetElapsedTime(chain.UsedAt, now) > s_memory).ToList();
        if (_byRoot.Count - old.Count >= MaxChains)
        {
            old = [.. _byRoot.Values.OrderBy(chain => chain.UsedAt).Take(_byRoot.Count / 2)];
        }

        foreach (var chain in old)
        {
            _byRoot.Remove(chain.Root);
            if (chain.Claim is { } key)
            {
                _byClaim.Remove(key);
            }
        }

        _sweepAt = Math.Clamp(_byRoot.Count * 2, SweepAt, MaxChains);
    }

    private sealed class Chain(CallId root, (NodeId Node, CallId Claimed)? claim)
    {
        public CallId Root { get; } = root;

        public (NodeId Node, CallId Claimed)? Claim { get; } = claim;

        public int Taken { get; set; }

        public long UsedAt { get; set; }

        /// <summary>The least depth at which the chain came to each node.</summary>
        public Dictionary<NodeId, int> Depths { get; } = [];
    }
}
