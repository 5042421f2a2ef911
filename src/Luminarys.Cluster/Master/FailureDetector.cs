using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>
/// Judges silence by the time of receipt. A slow observer must not accuse the healthy: when the judge itself was late, or cut off the bus, every
/// node gets a full time to live again; and when most nodes fall silent at once, it doubts itself first.
/// </summary>
internal sealed class FailureDetector(TimeSpan interval, TimeSpan ttl, ClusterDefences? defences = null)
{
    private const int MinNodesForDoubt = 3;
    private const int SuspectAfterBeats = 2;
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(1);
    private TimeSpan _lastSweep;
    private TimeSpan? _doubtSince;

    /// <summary>Whether the last sweep began to doubt itself.</summary>
    public bool HasDoubt { get; private set; }

    /// <summary>Finds the nodes that are gone and marks those that are suspect; true in <paramref name="isChanged"/> when a mark was set.</summary>
    public IReadOnlyList<NodeRecord> Sweep(TimeSpan now, bool isBusUp, IReadOnlyCollection<NodeRecord> nodes, out bool isChanged)
    {
        // A short interval is no measure of lateness: sweeps are a tick apart whatever it is.
        var isLate = now - _lastSweep > (interval > s_late ? interval : s_late);
        _lastSweep = now;
        (isChanged, HasDoubt) = (false, false);
        if ((isLate || !isBusUp) && defences?.LocalHealth != false)
        {
            foreach (var node in nodes)
            {
                node.HeardAt = now;
            }

            return [];
        }

        foreach (var node in nodes)
        {
            if (node.State == NodeState.Alive && now - node.HeardAt > SuspectAfterBeats * interval)
            {
                node.State = NodeState.Suspect;
                isChanged = true;
            }
        }

        var silent = nodes.Where(node => now - node.HeardAt > ttl).ToList();
        return IsDoubtful(now, silent.Count, nodes.Count) ? [] : silent;
    }

    private bool IsDoubtful(TimeSpan now, int silent, int all)
    {
        if (all < MinNodesForDoubt || 2 * silent <= all)
        {
            _doubtSince = null;
            return false;
        }

        HasDoubt = _doubtSince is null;
        _doubtSince ??= now;
        if (now - _doubtSince < interval)
        {
            return true;
        }

        _doubtSince = null;
        return false;
    }
}
