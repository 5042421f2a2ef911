using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master.SkillCalls;

/// <summary>
/// Which skill calls of other nodes begin, as a state machine: none twice, none after its cancellation, none in the name of a skill that the node does
/// not have, none in a chain that is too long. Not thread-safe.
/// </summary>
internal sealed class SkillCallAdmission(CallChains chains, ClusterDefences defences)
{
    private readonly Dictionary<NodeId, CallerLedger> _callers = [];
    private InvocationError _closed;

    /// <summary>Nodes whose calls are remembered.</summary>
    public int Callers => _callers.Count;

    /// <summary>Refuses every call from now on.</summary>
    public void Close(InvocationError reason) => _closed = reason;

    /// <summary>Judges a call that arrived. Its number is spent before anything else, whatever becomes of it.</summary>
    /// <param name="sender">Who sent it.</param>
    /// <param name="registry">The nodes and what they have registered.</param>
    /// <param name="id">The call.</param>
    /// <param name="message">What it asks for.</param>
    /// <param name="epoch">The master's epoch.</param>
    /// <param name="isExpired">Whether its time had passed when it was read, by the master's own clock.</param>
    public SkillCallVerdict Enter(Sender sender, RegistryCopy registry, CallId id, CallMessage message, ulong epoch, bool isExpired = false)
    {
        if (!TryServe(sender, registry, out var node, out var caller))
        {
            // Without an answer: a refusal says that the call will never begin, and that needs a memory which strangers do not get.
            return SkillCallVerdict.Drop("stranger");
        }

        if (!caller.TrySpend(message.Number) && defences.SkillCallNumbers)
        {
            return SkillCallVerdict.Drop("repeated");
        }

        caller.Settle(message.Done);
        var refusal = isExpired && defences.ClockEcho ? InvocationError.Expired : Refusal(sender, node, caller, id, message, epoch);
        if (refusal != InvocationError.None)
        {
            return SkillCallVerdict.Refuse(refusal);
        }

        if (!chains.TryTake(sender.Node, id, new(message.Root == default ? id : message.Root, message.Depth), out var link))
        {
            return SkillCallVerdict.Refuse(InvocationError.SkillLimit);
        }

        caller.Begin(id, message.Number);
        return SkillCallVerdict.Begin(link);
    }

    /// <summary>A call was cancelled, which may not have arrived yet; false when the sender is none of the nodes.</summary>
    public bool TryBury(Sender sender, RegistryCopy registry, ulong number)
    {
        if (!TryServe(sender, registry, out _, out var caller))
        {
            return false;
        }

        caller.TrySpend(number);
        return true;
    }

    /// <summary>A call has ended.</summary>
    public void End(NodeId node, CallId id, CallId root)
    {
        _callers.GetValueOrDefault(node)?.End(id);
        chains.Leave(root);
    }

    /// <summary>Forgets processes that are gone or were replaced.</summary>
    public void Forget(RegistryCopy registry)
    {
        foreach (var (node, caller) in _callers)
        {
            if (registry.Find(node)?.Instance != caller.Instance)
            {
                _callers.Remove(node);
            }
        }
    }

    private bool TryServe(Sender sender, RegistryCopy registry, out NodeCopy node, out CallerLedger caller)
    {
        node = registry.Find(sender.Node)!;
        caller = null!;
        if (node is null || node.Instance != sender.Instance || sender.Incarnation < node.Incarnation)
        {
            return false;
        }

        if (!_callers.TryGetValue(sender.Node, out caller!))
        {
            _callers[sender.Node] = caller = new();
        }

        return caller.TryServe(sender);
    }

    private InvocationError Refusal(Sender sender, NodeCopy node, CallerLedger caller, CallId id, CallMessage message, ulong epoch)
    {
        if (sender.Epoch != epoch)
        {
            return InvocationError.StaleEpoch;
        }

        if (_closed != InvocationError.None)
        {
            return _closed;
        }

        // A client of the front door and a skill's own callbacks have no business here.
        if (message.Caller.Kind != CallerKind.Skill || (defences.CallerOwnership && !node.Has(message.Caller.Skill)))
        {
            return InvocationError.Denied;
        }

        if (message.Claim is { Length: > ProtocolLimits.MaxPayload })
        {
            return InvocationError.PayloadTooLarge;
        }

        return caller.Knows(id) ? InvocationError.Conflict
            : caller.HasRoom ? InvocationError.None
            : InvocationError.Busy;
    }
}
