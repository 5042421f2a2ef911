using Luminarys.Cluster.Membership;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>
/// Remembers which calls of each master's process were seen, so that none begins twice. A number is spent when its call arrives, whether it begins or
/// is refused, and when it is cancelled before it arrives. Not thread-safe.
/// </summary>
internal sealed class CallLedger
{
    private const int MaxMasters = 64;
    private readonly Dictionary<InstanceId, (ulong Epoch, IntervalSet Numbers)> _spent = [];

    /// <summary>Spends a number; false when it was spent before.</summary>
    public bool TrySpend(Sender master, ulong number) => Of(master).Add(number);

    /// <summary>Whether a number was spent.</summary>
    public bool IsSpent(Sender master, ulong number) => _spent.TryGetValue(master.Instance, out var spent) && spent.Numbers.Contains(number);

    /// <summary>The master has the answers to every call up to this number: none of them may begin, and its first one may still be on its way.</summary>
    public void Settle(Sender master, ulong done)
    {
        if (done > 0)
        {
            Of(master).AddUpTo(done);
        }
    }

    private IntervalSet Of(Sender master)
    {
        if (_spent.TryGetValue(master.Instance, out var spent))
        {
            return spent.Numbers;
        }

        if (_spent.Count == MaxMasters)
        {
            // The serving gate refuses calls of an older epoch for ever, so that one's numbers are needed least.
            _spent.Remove(_spent.MinBy(pair => pair.Value.Epoch).Key);
        }

        var numbers = new IntervalSet();
        _spent[master.Instance] = (master.Epoch, numbers);
        return numbers;
    }
}
