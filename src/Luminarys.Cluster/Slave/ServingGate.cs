using Luminarys.Cluster.Membership;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>
/// Whom this node serves at the moment: the slave's half of the fence. Immutable; the session replaces it, the listener reads it for each call.
/// </summary>
/// <param name="Epoch">Epoch of the master that is served.</param>
/// <param name="Master">The master's process.</param>
/// <param name="Until">When the master's last confirmation wears off.</param>
/// <param name="Refusal">Why nothing is served; none when the gate is open.</param>
internal sealed record ServingGate(ulong Epoch, InstanceId Master, TimeSpan Until, InvocationError Refusal)
{
    /// <summary>The gate of a node that has no master.</summary>
    public static ServingGate Closed { get; } = new(0, default, TimeSpan.Zero, InvocationError.NotServing);

    /// <summary>Whether the master has said that it stops: calls that its running calls lead to are still served.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Why a call is refused; none when it may begin.</summary>
    /// <param name="master">Who sent it.</param>
    /// <param name="now">Now.</param>
    /// <param name="isOfSkill">Whether another skill makes it.</param>
    public InvocationError Check(Sender master, TimeSpan now, bool isOfSkill = false)
    {
        if (!IsFrom(master))
        {
            // A higher epoch than ours may be right; we serve it once it has confirmed us.
            return master.Epoch > Epoch ? InvocationError.NotServing : InvocationError.StaleEpoch;
        }

        var refusal = IsLeaving && isOfSkill && Refusal == InvocationError.NotServing ? InvocationError.None : Refusal;
        return refusal == InvocationError.None && now >= Until ? InvocationError.NotServing : refusal;
    }

    /// <summary>Whether the node belongs to a living master: it serves, or drains.</summary>
    public bool HasMaster(TimeSpan now) => Refusal is InvocationError.None or InvocationError.Draining && now < Until;

    /// <summary>Whether the sender may take back calls: the bound master, also when it has raised its epoch since.</summary>
    public bool MayCancel(Sender master) => master.Epoch >= Epoch && master.Instance == Master;

    /// <summary>Whether the node's own skills may call others through the master: also while one of the two stops.</summary>
    public bool MayAsk(TimeSpan now) =>
        Epoch > 0 && now < Until && (IsLeaving || Refusal is InvocationError.None or InvocationError.Draining);

    /// <summary>Whether the sender is the master that this node is bound to.</summary>
    public bool IsFrom(Sender master) => master.Epoch == Epoch && master.Instance == Master;
}
