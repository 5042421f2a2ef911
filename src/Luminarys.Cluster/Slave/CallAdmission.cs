using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>Which calls may begin: none twice, none after its cancellation, none of another master, none that is too old. Not thread-safe.</summary>
internal sealed class CallAdmission(ClusterDefences defences)
{
    private readonly CallLedger _ledger = new();
    private readonly AnswerStore _answers = new();

    /// <summary>Spends the number of a call that arrived; false when it was spent before.</summary>
    public bool TrySpend(Sender master, ulong number) => _ledger.TrySpend(master, number) || !defences.SpentNumbers;

    /// <summary>Spends the number of a call that was cancelled, which may not have arrived yet.</summary>
    public void Bury(Sender master, ulong number)
    {
        if (defences.Tombstones)
        {
            _ledger.TrySpend(master, number);
        }
    }

    /// <summary>The master has the answers to these calls.</summary>
    public void Settle(Sender master, SettledNumbers settled)
    {
        _ledger.Settle(master, settled.Done);
        _answers.Settle(master.Instance, settled);
    }

    /// <summary>Whether the answer of one more call can be kept until the master has it.</summary>
    public bool HasRoom(int running) => _answers.HasRoom(running);

    /// <summary>Keeps the last frame of a call until the master has it.</summary>
    public void Keep(InstanceId master, CallId id, CallFrame frame) => _answers.Keep(master, id, frame);

    /// <summary>
    /// What the master is told that asks for a call. One that was never seen is buried before anybody is told so: it may still be on its way.
    /// </summary>
    public CallFrame Tell(Sender master, CallId id, ulong number, bool isRunning)
    {
        if (isRunning)
        {
            return new(CallFrameKind.Progress, number);
        }

        if (_answers.Find(master.Instance, id, number) is { } kept)
        {
            return kept;
        }

        if (defences.QueryTombstones ? _ledger.TrySpend(master, number) : !_ledger.IsSpent(master, number))
        {
            var never = QueryMessage.NeverSeen(number);
            if (defences.QueryTombstones)
            {
                _answers.Keep(master.Instance, id, never);
            }

            return never;
        }

        return QueryMessage.NotKnown(number);
    }

    /// <summary>Why a call is refused whatever it asks for; none when it may begin.</summary>
    public InvocationError Refusal(ServingGate gate, Sender master, ClockEcho? echo, uint ttlMs, TimeSpan now, bool isOfSkill = false)
    {
        var refusal = gate.Check(master, now, isOfSkill);
        if (refusal != InvocationError.None && (defences.Epochs || gate.IsFrom(master)))
        {
            return refusal;
        }

        // Our own clock, as it was echoed: no call is younger than this makes it, so a pause of this process shows.
        return defences.ClockEcho && echo?.IsOlderThan(ttlMs, now) == true
            ? InvocationError.Expired
            : InvocationError.None;
    }
}
