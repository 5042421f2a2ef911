using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
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
    private AnswerStore _answers = new();
    private IntervalSet _spent = new();

    /// <summary>The process whose numbers these are.</summary>
    public InstanceId Instance { get; private set; }

    /// <summary>The incarnation whose numbers these are.</summary>
    public ulong Incarnation { get; private set; }

    /// <summary>Whether another call may begin.</summary>
    public bool HasRoom => _running.Count < MaxRunning && _unsettled.Count < MaxUnsettled && _answers.HasRoom(_running.Count);

    /// <summary>Turns to the process or incarnation of the sender; false when it is older than the one that is served.</summary>
    public bool TryServe(Sender sender)
    {
        if (sender.Instance == Instance && sender.Incarnation <= Incarnation)
        {
            return sender.Incarnation == Incarnation;
        }

        (Instance, Incarnation, _spent, _answers) = (sender.Instance, sender.Incarnation, new(), new());
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

    /// <summary>Whether a number was spent.</summary>
    public bool IsSpent(ulong number) => _spent.Contains(number);

    /// <summary>Keeps the last frame of a call until the node has it; nothing when it was a refusal for want of room.</summary>
    public void Keep(CallId id, CallFrame frame)
    {
        if (frame.Kind != CallFrameKind.Reject || _answers.HasRoom(_running.Count))
        {
            _answers.Keep(Instance, id, frame);
        }
    }

    /// <summary>The last frame of a call; null when it is not kept.</summary>
    public CallFrame? Find(CallId id, ulong number) => _answers.Find(Instance, id, number);

    /// <summary>The node has the answers to these calls.</summary>
    public void Settle(SettledNumbers settled)
    {
        _spent.AddUpTo(settled.Done);
        _answers.Settle(Instance, settled);
        foreach (var (number, id) in _byNumber.TakeWhile(pair => pair.Key <= settled.Done || pair.Key < settled.Before).ToArray())
        {
            if (settled.Includes(number))
            {
                _byNumber.Remove(number);
                _unsettled.Remove(id);
            }
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
