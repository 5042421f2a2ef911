using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Slave;

/// <summary>Which master a slave is bound to and how long its confirmation lasts. Only <see cref="Gate"/> is read by other threads.</summary>
internal sealed class MasterBinding(SessionSettings settings, ClusterDefences defences)
{
    private ServingGate _gate = ServingGate.Closed;
    private TimeSpan _confirmedAt;

    /// <summary>Whom the node serves.</summary>
    public ServingGate Gate
    {
        get => Volatile.Read(ref _gate);
        private set => Volatile.Write(ref _gate, value);
    }

    /// <summary>Highest epoch that a master confirmed itself with; 0 before the first.</summary>
    public ulong HighestEpoch => Gate.Epoch;

    /// <summary>Time between two heartbeats: the shorter of ours and the master's.</summary>
    public TimeSpan Interval { get; private set; } = settings.HeartbeatInterval;

    /// <summary>How long a confirmation lasts: the shorter of ours and the master's.</summary>
    public TimeSpan Ttl { get; private set; } = settings.NodeTtl;

    /// <summary>Whether the last confirmation has worn off.</summary>
    public bool HasExpired(TimeSpan now) => now - _confirmedAt >= Ttl;

    /// <summary>Whether the sender's term is over, or its number belongs to another master.</summary>
    public bool IsOutranked(Sender master) =>
        defences.Epochs && HighestEpoch != 0 && (master.Epoch < HighestEpoch || (master.Epoch == HighestEpoch && master.Instance != Gate.Master));

    /// <summary>Whether the sender's epoch is so far ahead that it cannot be one.</summary>
    public bool IsBeyondBelief(Sender master) => master.Epoch == 0
        || (master.Epoch > HighestEpoch && master.Epoch - HighestEpoch > (HighestEpoch == 0 ? ProtocolLimits.MaxFirstNumber : ProtocolLimits.MaxJump));

    /// <summary>Binds to a master that let us in. The gate stays shut until <see cref="Allow"/>.</summary>
    public void Bind(Sender master, AnswerMessage welcome, TimeSpan askedAt)
    {
        Interval = Shorter(settings.HeartbeatInterval, welcome.HeartbeatMs);
        Ttl = Shorter(settings.NodeTtl, welcome.TtlMs);
        _confirmedAt = askedAt;
        var refusal = Gate.Refusal == InvocationError.Draining ? InvocationError.Draining : InvocationError.NotServing;
        Gate = new(master.Epoch, master.Instance, askedAt + Ttl, refusal);
    }

    /// <summary>
    /// The master confirmed a request. What counts is when it was asked: the master counts from its receipt, which is later, so this side gives up
    /// first.
    /// </summary>
    public void Confirm(TimeSpan askedAt)
    {
        if (askedAt >= _confirmedAt)
        {
            _confirmedAt = askedAt;
            Gate = Gate with { Until = askedAt + Ttl };
        }
    }

    /// <summary>Lets calls in.</summary>
    public void Allow() => Gate = Gate with { Refusal = InvocationError.None, IsLeaving = false };

    /// <summary>Refuses calls from now on, but for those that running ones lead to when it is the master that stops. A node that drains says so for good.</summary>
    public void Refuse(InvocationError reason, bool isLeft = false)
    {
        if (Gate.Refusal != InvocationError.Draining)
        {
            Gate = Gate with { Refusal = reason, IsLeaving = isLeft };
        }
    }

    // A master with a shorter patience than ours declares us gone earlier than we would notice.
    private static TimeSpan Shorter(TimeSpan own, uint? masterMs) =>
        masterMs is > 0 and { } ms && TimeSpan.FromMilliseconds(ms) < own ? TimeSpan.FromMilliseconds(ms) : own;
}
