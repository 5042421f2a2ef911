using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master.SkillCalls;

/// <summary>
/// Takes the calls that skills on other nodes make and runs them where their target lives. Each begins at most once, in the name of a skill that its
/// node has registered, and gets one last frame if it is answered at all. Drives a <see cref="SkillCallAdmission"/>. Thread-safe.
/// </summary>
internal sealed class SkillCallListener
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_cancelWait = TimeSpan.FromSeconds(1);

    private readonly MasterLink _link;
    private readonly NodeIdentity _identity;
    private readonly SkillCallAdmission _admission;
    private readonly Func<RegistryCopy> _registry;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<(NodeId Node, CallId Id), RoutedCall> _running = [];

    public SkillCallListener(
        MasterLink link, NodeIdentity identity, IInvoker invoker, SkillCallAdmission admission, Func<RegistryCopy> registry, ILogger logger) =>
        (_link, _identity, Invoker, _admission, _registry, _logger) = (link, identity, invoker, admission, registry, logger);

    /// <summary>Calls that run, or whose answer is being sent.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Runs the calls that begin.</summary>
    internal IInvoker Invoker { get; }

    /// <summary>Takes a call. Called by the bus.</summary>
    public void OnCall(in BusMessage message)
    {
        var isOverflow = message.Kind == BusMessageKind.Overflow;
        if (!_link.Inbox.TryOpen(message with { Kind = BusMessageKind.Data }, out var received))
        {
            return;
        }

        var envelope = received.Envelope;
        if (received.IsVersionUnsupported || !envelope.TryRead<CallMessage>(out var call))
        {
            _link.Inbox.Drop("body", message.Subject);
            return;
        }

        // Not refused: only the master that was meant can say that a call has not begun.
        if (envelope.ToInstance != _identity.Instance)
        {
            _link.Inbox.Drop("instance", message.Subject);
            return;
        }

        var isExpired = envelope.Clock?.IsOlderThan(envelope.TtlMs, _link.Clock.Now) == true;
        var verdict = Enter(Sender.Of(envelope), envelope.Id, call, isOverflow, isExpired);
        if (verdict.DropReason is { } reason)
        {
            _link.Inbox.Drop(reason, message.Subject);
        }
        else if (verdict.Error != InvocationError.None)
        {
            Refuse(Sender.Of(envelope), envelope.Id, call, verdict.Error);
        }
    }

    /// <summary>Takes a cancellation. Called by the bus.</summary>
    public void OnCancel(in BusMessage message)
    {
        if (!_link.Inbox.TryOpen(message, out var received) || received.IsVersionUnsupported)
        {
            return;
        }

        var envelope = received.Envelope;
        if (envelope.ToInstance != _identity.Instance || !envelope.TryRead<CancelMessage>(out var cancel))
        {
            _link.Inbox.Drop("cancel", message.Subject);
            return;
        }

        RoutedCall? call = null;
        bool isKnown;
        lock (_gate)
        {
            // One that has not arrived yet, because it travels on another connection, is not begun when it does.
            isKnown = _admission.TryBury(Sender.Of(envelope), _registry(), cancel.Number);
            if (isKnown)
            {
                call = _running.GetValueOrDefault((envelope.Source, envelope.Id));
            }
        }

        if (!isKnown)
        {
            _link.Inbox.Drop("cancel", message.Subject);
        }

        call?.Cancel(byDrain: false);
    }

    /// <summary>The registry changed: what a process asked for that is gone is of no use to anybody.</summary>
    public void NodesChanged()
    {
        RoutedCall[] orphans;
        lock (_gate)
        {
            var registry = _registry();
            _admission.Forget(registry);
            orphans = [.. _running.Values.Where(call => registry.Find(call.Caller.Node)?.Instance != call.Caller.Instance)];
        }

        foreach (var call in orphans)
        {
            call.Cancel(byDrain: false);
        }
    }

    /// <summary>Takes no more calls, ends those that run, and waits a little until they are answered.</summary>
    public async ValueTask CloseAsync(InvocationError reason)
    {
        RoutedCall[] left;
        lock (_gate)
        {
            _admission.Close(reason);
            left = [.. _running.Values];
        }

        foreach (var call in left)
        {
            call.Cancel(byDrain: true);
        }

        var time = _link.Clock.Time;
        var limit = Deadline.After(s_cancelWait, time);
        while (Running > 0 && !limit.HasPassed(time))
        {
            await Task.Delay(s_tick, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The last frame of the call was sent, or could not be.</summary>
    internal void Ended(RoutedCall call)
    {
        lock (_gate)
        {
            _running.Remove((call.Caller.Node, call.Invocation.Id));
            _admission.End(call.Caller.Node, call.Invocation.Id, call.Invocation.Root);
        }
    }

    /// <summary>Sends the caller's node a frame that nobody waits for.</summary>
    internal void PostFrame(Sender caller, CallId call, CallFrame frame) => _link.Outbox.Post(
        _link.Buses.Traffic, _link.Subjects.FramesToNode(caller.Node, call), null, new(MessageTypes.Frame, call, caller.Instance), frame);

    private SkillCallVerdict Enter(Sender sender, CallId id, CallMessage message, bool isOverflow, bool isExpired)
    {
        RoutedCall call;
        lock (_gate)
        {
            var verdict = _admission.Enter(sender, _registry(), id, message, _identity.Epoch, isExpired);
            if (verdict.DropReason is not null || verdict.Error != InvocationError.None)
            {
                return verdict;
            }

            // One of a node that left and came back may still be ending; the admission has forgotten it.
            call = new(Invocation(id, message, verdict.Link), sender, message, _link, this, _logger);
            if (isOverflow || !_running.TryAdd((sender.Node, id), call))
            {
                _admission.End(sender.Node, id, verdict.Link.Root);
                return SkillCallVerdict.Refuse(isOverflow ? InvocationError.Busy : InvocationError.Conflict);
            }
        }

        call.Start();
        return default;
    }

    // Who calls is what the master has checked, not what the guest or its node says; the time that is left counts from here.
    private Invocation Invocation(CallId id, CallMessage message, ChainLink link) => new(
        id,
        message.Skill,
        message.Method,
        message.Payload,
        new(CallerKind.Skill, message.Caller.Skill),
        message.LeftMs >= uint.MaxValue ? Deadline.Never : Deadline.After(TimeSpan.FromMilliseconds(message.LeftMs), _link.Clock.Time))
    {
        Root = link.Root,
        TraceId = message.TraceId,
        SessionId = message.SessionId,
        Depth = link.Depth,
    };

    private void Refuse(Sender caller, CallId id, CallMessage message, InvocationError error)
    {
        if (error == InvocationError.Denied)
        {
            Log.SkillCallDenied(_logger, caller.Node, message.Skill, message.Caller.Skill);
        }

        PostFrame(caller, id, new(CallFrameKind.Reject, message.Number)
        {
            Code = error,
            Text = error switch
            {
                InvocationError.Denied => "the node does not have the skill in whose name it calls",
                InvocationError.Busy => "too many calls of this node's skills run",
                InvocationError.PayloadTooLarge => $"the arguments are larger than the {ProtocolLimits.MaxPayload} bytes that pass between nodes",
                InvocationError.Conflict => "a call with this id was made before",
                InvocationError.SkillLimit => $"calls may lead to each other {CallChains.MaxDepth} times, and to {CallChains.Limit} calls in all",
                InvocationError.Expired => "the call was too old when it arrived",
                InvocationError.StaleEpoch => "the master has begun another term",
                _ => "the master is stopping",
            },
        });
    }
}
