using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Slave;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master.SkillCalls;

/// <summary>
/// What the master remembers of the skill calls of one node, so that none begins twice. Numbers belong to a process and its incarnation; the master
/// takes calls of the current ones only, so those of earlier ones need no memory. Not thread-safe.
/// </summary>
internal sealed class CallerLedger
{
    /// <summary>Calls of a node that may run at once.</summary>
    public const int MaxRunning = 256;

    /// <summary>Calls whose answer the node may leave unsettled.</summary>
    public const int MaxUnsettled = 4096;

    private const int MaxGaps = 1024;

    private readonly HashSet<CallId> _running = [];
    private readonly Dictionary<CallId, ulong> _unsettled = [];
    private readonly SortedDictionary<ulong, CallId> _byNumber = [];
    private IntervalSet _spent = new();
    private ulong _incarnation;

    /// <summary>The process whose numbers these are.</summary>
    public InstanceId Instance { get; private set; }

    /// <summary>Whether another call may begin.</summary>
    public bool HasRoom => _running.Count < MaxRunning && _unsettled.Count < MaxUnsettled;

    /// <summary>Turns to the process or incarnation of the sender; false when it is older than the one that is served.</summary>
    public bool TryServe(Sender sender)
    {
        if (sender.Instance == Instance && sender.Incarnation <= _incarnation)
        {
            return sender.Incarnation == _incarnation;
        }

        (Instance, _incarnation, _spent) = (sender.Instance, sender.Incarnation, new());
        _unsettled.Clear();
        _byNumber.Clear();
        return true;
    }

    /// <summary>Spends a number; false when it was spent before.</summary>
    public bool TrySpend(ulong number)
    {
        if (!_spent.Add(number))
        {
            return false;
        }

        if (_spent.Intervals > MaxGaps)
        {
            // Only a node that leaves out numbers comes here; it loses the oldest ones that it left out.
            _spent.CloseFirstGap();
        }

        return true;
    }

    /// <summary>The node has the answers to every call up to this number.</summary>
    public void Settle(ulong done)
    {
        _spent.AddUpTo(done);
        while (_byNumber.Count > 0 && _byNumber.First() is var (number, id) && number <= done)
        {
            _byNumber.Remove(number);
            _unsettled.Remove(id);
        }
    }

    /// <summary>Whether a call with this id runs, or has run and may be asked for again.</summary>
    public bool Knows(CallId id) => _running.Contains(id) || _unsettled.ContainsKey(id);

    /// <summary>A call begins.</summary>
    public void Begin(CallId id, ulong number)
    {
        _running.Add(id);
        if (_unsettled.TryAdd(id, number))
        {
            _byNumber[number] = id;
        }
    }

    /// <summary>A call has ended; its id is remembered until the node settles it.</summary>
    public void End(CallId id) => _running.Remove(id);
}
