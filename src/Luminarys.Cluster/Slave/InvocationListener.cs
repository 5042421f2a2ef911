using System.Collections.Frozen;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Slave;

/// <summary>Bus request → runtime → reply. Every call that arrives is begun at most once, and gets one last frame if it is answered at all. Thread-safe.</summary>
internal sealed class InvocationListener
{
    private static readonly TimeSpan s_reportTick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_drainTick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_cancelWait = TimeSpan.FromSeconds(3);

    private readonly SlaveLink _link;
    private readonly ISkillRuntime _runtime;
    private readonly ILogger _logger;
    private readonly int _maxCalls;
    private readonly Lock _gate = new();
    private readonly CallAdmission _admission;
    private readonly Dictionary<CallId, RunningCall> _running = [];
    private volatile FrozenSet<SkillId> _skills = [];
    private ITimer? _ticker;
    private int _answering;
    private Func<ServingGate> _serving = () => ServingGate.Closed;

    public InvocationListener(SlaveLink link, ISkillRuntime runtime, int maxCalls, ILogger logger, ClusterDefences? defences = null)
    {
        (_link, _runtime, _maxCalls, _logger) = (link, runtime, maxCalls, logger);
        _admission = new(defences ?? ClusterDefences.All);
        Answers = new(link.Buses.Traffic, link.Subjects.ToMaster(link.Identity.Node, MessageTypes.Bundle), null, static (call, error, defect) => call.Sent(error, defect));
    }

    /// <summary>Calls that run, or whose answer is being sent.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running.Count + Volatile.Read(ref _answering);
            }
        }
    }

    /// <summary>Calls that could begin.</summary>
    public int Free
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(0, _maxCalls - _running.Count);
            }
        }
    }

    /// <summary>Sets what is offered to whom. To be called before the first message comes.</summary>
    public void Offer(IEnumerable<SkillId> skills, Func<ServingGate> serving) => (_skills, _serving) = (skills.ToFrozenSet(), serving);

    /// <summary>Changes what is offered.</summary>
    public void Offer(IEnumerable<SkillId> skills) => _skills = skills.ToFrozenSet();

    /// <summary>Last frames that leave together.</summary>
    internal BundleQueue<RunningCall> Answers { get; }

    /// <summary>Takes calls that travelled together. Called by the bus.</summary>
    public void OnBundle(in BusMessage message)
    {
        if (!Bundle.TryRead(message.Payload, out var calls))
        {
            _link.Inbox.Drop("bundle", message.Subject);
            return;
        }

        var subject = _link.Subjects.ToNode(_link.Identity.Node, MessageTypes.Call);
        foreach (var (_, bytes) in calls)
        {
            OnCall(message with { Subject = subject, Payload = bytes });
        }
    }

    /// <summary>Takes a call. Called by the bus.</summary>
    public void OnCall(in BusMessage message)
    {
        var isOverflow = message.Kind == BusMessageKind.Overflow;
        if (!_link.Inbox.TryOpen(message with { Kind = BusMessageKind.Data }, out var received))
        {
            return;
        }

        if (received.IsVersionUnsupported || !received.Envelope.TryRead<CallMessage>(out var call))
        {
            _link.Inbox.Drop("body", message.Subject);
            return;
        }

        // A skill's calls of itself never leave its node.
        if (call.Caller.Kind == CallerKind.Self)
        {
            _link.Inbox.Drop("caller", message.Subject);
            return;
        }

        var envelope = received.Envelope;
        if (!_link.IsForUs(envelope))
        {
            Reject(envelope.Id, call.Number, InvocationError.WrongInstance);
            return;
        }

        var (isNew, error) = Enter(envelope, call, isOverflow);
        if (!isNew)
        {
            _link.Inbox.Drop("repeated", message.Subject);
        }
        else if (error != InvocationError.None)
        {
            var frame = Rejection(call.Number, error);
            lock (_gate)
            {
                // Not where nothing more can be kept: a question about it is answered with OUTCOME_UNKNOWN then.
                if (_admission.HasRoom(_running.Count))
                {
                    _admission.Keep(envelope.Instance, envelope.Id, frame);
                }
            }

            _link.PostFrame(envelope.Id, frame);
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
        if (!envelope.TryRead<CancelMessage>(out var cancel) || !_link.IsForUs(envelope) || !_serving().MayCancel(Sender.Of(envelope)))
        {
            _link.Inbox.Drop("cancel", message.Subject);
            return;
        }

        RunningCall? call;
        lock (_gate)
        {
            // One that has not arrived yet, because it travels on another connection, is not begun when it does.
            _admission.Bury(Sender.Of(envelope), cancel.Number);
            call = _running.GetValueOrDefault(envelope.Id);
        }

        call?.Cancel(byDrain: false);
    }

    /// <summary>The master asks what became of calls. Called by the bus.</summary>
    public void OnQuery(in BusMessage message)
    {
        if (!_link.Inbox.TryOpen(message, out var received) || received.IsVersionUnsupported)
        {
            return;
        }

        var envelope = received.Envelope;
        var master = Sender.Of(envelope);
        if (!envelope.TryRead<QueryMessage>(out var query) || !_link.IsForUs(envelope) || !_serving().MayCancel(master))
        {
            _link.Inbox.Drop("query", message.Subject);
            return;
        }

        foreach (var (id, number) in query.Calls)
        {
            CallFrame frame;
            lock (_gate)
            {
                frame = _admission.Tell(master, id, number, _running.TryGetValue(id, out var running) && running.Number == number);
            }

            _link.PostFrame(id, frame);
        }
    }

    /// <summary>The call has its last frame, which is about to be sent.</summary>
    internal void Keep(RunningCall call, CallFrame frame)
    {
        lock (_gate)
        {
            _admission.Keep(call.Master, call.Id, frame);
        }
    }

    /// <summary>A master has the answers to every call up to this number.</summary>
    public void Settle(Sender master, ulong done)
    {
        lock (_gate)
        {
            _admission.Settle(master, SettledNumbers.UpTo(done));
        }
    }

    /// <summary>Waits for running calls, at most for the limit or until the token is cancelled; then cancels what is left and waits a little more.</summary>
    public async ValueTask DrainAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await WaitAsync(limit, cancellationToken).ConfigureAwait(false);
        RunningCall[] left;
        lock (_gate)
        {
            left = [.. _running.Values];
        }

        foreach (var call in left)
        {
            call.Cancel(byDrain: true);
        }

        await WaitAsync(s_cancelWait, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The runtime gave back a call's result: its place is free, and its last frame is about to be sent. Answers how many calls run, and are answered.</summary>
    internal int Returned(RunningCall call, CallFrame frame)
    {
        lock (_gate)
        {
            _running.Remove(call.Id);
            _admission.Keep(call.Master, call.Id, frame);
            return _running.Count + Interlocked.Increment(ref _answering);
        }
    }

    /// <summary>The last frame of a call that returned was sent, or could not be.</summary>
    internal void Answered() => Interlocked.Decrement(ref _answering);

    /// <summary>The call ended by a defect, without a last frame.</summary>
    internal void Abandoned(RunningCall call)
    {
        lock (_gate)
        {
            _running.Remove(call.Id);
        }
    }

    // One timer for all calls, which ends when it finds none.
    private void Report()
    {
        RunningCall[] running;
        lock (_gate)
        {
            running = [.. _running.Values];
            if (running.Length == 0)
            {
                _ticker?.Dispose();
                _ticker = null;
            }
        }

        var now = _link.Clock.Now;
        foreach (var call in running)
        {
            call.Report(now);
        }
    }

    private async ValueTask WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var time = _link.Clock.Time;
        var deadline = Deadline.After(limit, time);
        while (Running > 0 && !deadline.HasPassed(time) && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(s_drainTick, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // Spends the call's number before anything else happens to it, and begins the call unless there is a reason not to.
    private (bool IsNew, InvocationError Error) Enter(Envelope envelope, CallMessage message, bool isOverflow)
    {
        RunningCall call;
        lock (_gate)
        {
            if (_running.ContainsKey(envelope.Id) || !_admission.TrySpend(Sender.Of(envelope), message.Number))
            {
                return (false, InvocationError.None);
            }

            _admission.Settle(Sender.Of(envelope), message.Settled);
            var now = _link.Clock.Now;
            var error = Refusal(envelope, message, now, isOverflow);
            if (error != InvocationError.None)
            {
                return (true, error);
            }

            var place = new CallPlace(envelope.Instance, message.Number, now, message.Claim);
            call = new(Invocation(envelope.Id, message), place, _link, _runtime, this, _logger);
            _running.Add(envelope.Id, call);
            _ticker ??= _link.Clock.Time.CreateTimer(static listener => ((InvocationListener)listener!).Report(), this, s_reportTick, s_reportTick);
        }

        call.Start();
        return (true, InvocationError.None);
    }

    private InvocationError Refusal(Envelope envelope, CallMessage message, TimeSpan now, bool isOverflow)
    {
        var refusal = _admission.Refusal(_serving(), Sender.Of(envelope), envelope.Clock, envelope.TtlMs, now, message.Caller.Kind == CallerKind.Skill);
        if (refusal != InvocationError.None)
        {
            return refusal;
        }

        if (message.Claim is { Length: > ProtocolLimits.MaxPayload })
        {
            return InvocationError.PayloadTooLarge;
        }

        if (!_skills.Contains(message.Skill))
        {
            return InvocationError.NoSuchSkill;
        }

        return isOverflow || _running.Count >= _maxCalls || !_admission.HasRoom(_running.Count) ? InvocationError.Busy : InvocationError.None;
    }

    private Invocation Invocation(CallId id, CallMessage message) => new(
        id,
        message.Skill,
        message.Method,
        message.Payload,
        message.Caller,
        message.LeftMs >= uint.MaxValue ? Deadline.Never : Deadline.After(TimeSpan.FromMilliseconds(message.LeftMs), _link.Clock.Time))
    {
        Root = message.Root,
        TraceId = message.TraceId,
        SessionId = message.SessionId,
        Depth = message.Depth,
    };

    private void Reject(CallId id, ulong number, InvocationError error) => _link.PostFrame(id, Rejection(number, error));

    private static CallFrame Rejection(ulong number, InvocationError error) => new(CallFrameKind.Reject, number)
    {
        Code = error,
        Text = error switch
        {
            InvocationError.Busy => "all places of the node are taken",
            InvocationError.Draining => "the node is stopping",
            InvocationError.Expired => "the call was too old when it arrived",
            InvocationError.PayloadTooLarge => $"the arguments are larger than the {ProtocolLimits.MaxPayload} bytes that pass between nodes",
            InvocationError.NoSuchSkill => "the node does not have the skill",
            _ => "the node does not serve this master at the moment",
        },
    };
}
