using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>Which calls may begin: none twice, none after its cancellation, none of another master, none that is too old. Not thread-safe.</summary>
internal sealed class CallAdmission(ClusterDefences defences)
{
    private readonly CallLedger _ledger = new();

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

    /// <summary>The master has the answers to every call up to this number.</summary>
    public void Settle(InstanceId master, ulong done) => _ledger.Settle(master, done);

    /// <summary>Why a call is refused whatever it asks for; none when it may begin.</summary>
    public InvocationError Refusal(ServingGate gate, Sender master, ClockEcho? echo, uint ttlMs, TimeSpan now, bool isOfSkill = false)
    {
        var refusal = gate.Check(master, now, isOfSkill);
        if (refusal != InvocationError.None && (defences.Epochs || gate.IsFrom(master)))
        {
            return refusal;
        }

        // Our own clock, as it was echoed: no call is younger than this makes it, so a pause of this process shows.
        return defences.ClockEcho && echo is { } clock && now.TotalMilliseconds - clock.T0 - clock.AgeMs > ttlMs
            ? InvocationError.Expired
            : InvocationError.None;
    }
}
