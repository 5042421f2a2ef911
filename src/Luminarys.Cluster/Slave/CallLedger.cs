using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>
/// Remembers for ever which calls of each master's process were seen, so that none begins twice. A number is spent when its call arrives, whether it
/// begins or is refused, and when it is cancelled before it arrives. Not thread-safe.
/// </summary>
internal sealed class CallLedger
{
    private const int MaxMasters = 64;
    private readonly Dictionary<InstanceId, IntervalSet> _spent = [];

    /// <summary>Spends a number; false when it was spent before, or when there have been so many masters that none of them can be right.</summary>
    public bool TrySpend(InstanceId master, ulong number)
    {
        if (!_spent.TryGetValue(master, out var spent))
        {
            if (_spent.Count == MaxMasters)
            {
                return false;
            }

            _spent[master] = spent = new();
        }

        return spent.Add(number);
    }

    /// <summary>The master has the answers to every call up to this number: none of them can be meant again.</summary>
    public void Settle(InstanceId master, ulong done)
    {
        if (_spent.TryGetValue(master, out var spent))
        {
            spent.AddUpTo(done);
        }
    }
}
