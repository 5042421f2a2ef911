using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Messaging.Payloads;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Slave.SkillCalls;

/// <summary>
/// Sends calls of this node's skills to the master, which runs them where their target lives, and waits for the one answer of each. Drives a
/// <see cref="SkillCallTable"/>. Thread-safe.
/// </summary>
internal sealed class MasterInvoker : IInvoker, IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly SlaveLink _link;
    private readonly SkillCallTable _table = new();
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private Func<ServingGate> _serving = () => ServingGate.Closed;
    private bool _isClosed;

    public MasterInvoker(SlaveLink link)
    {
        _link = link;
        _timer = link.Clock.Time.CreateTimer(_ => Advance(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls that have not ended.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _table.Count;
            }
        }
    }

    /// <summary>Says which master the node is bound to. To be called before the first call.</summary>
    public void Follow(Func<ServingGate> serving) => _serving = serving;

    /// <inheritdoc/>
    public async ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Payload.Length > ProtocolLimits.MaxPayload)
        {
            return InvocationResult.Failure(
                InvocationError.PayloadTooLarge,
                $"the arguments have {invocation.Payload.Length} bytes; another node takes up to {ProtocolLimits.MaxPayload}. Use a file transfer.");
        }

        var left = invocation.Deadline.Remaining(_link.Clock.Time);
        if (left == TimeSpan.Zero)
        {
            return InvocationResult.Failure(InvocationError.Deadline, "the deadline had passed before the call was sent");
        }

        return cancellationToken.IsCancellationRequested
            ? InvocationResult.Failure(InvocationError.Cancelled, "the caller gave up before the call was sent")
            : await SendAsync(invocation, left, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a frame of a call, or the notice that no master listens; false when no call waits for it. Called by the bus.</summary>
    public bool TryTake(in Received received)
    {
        if (received.Address.Answers is not { } id)
        {
            return false;
        }

        lock (_gate)
        {
            if (!_table.Has(id))
            {
                return false;
            }

            if (received.IsNoResponders)
            {
                Apply(_table.NoResponders(id));
                return true;
            }

            if (!received.Envelope.TryRead<CallFrame>(out var frame))
            {
                return false;
            }

            Apply(_table.Frame(received.Envelope.Instance, id, frame, _link.Clock.Now, out var isKnown));
            if (isKnown && frame.Claim is { } claim)
            {
                Fetch(_table.Find(id)!, frame, claim);
            }

            return isKnown;
        }
    }

    /// <summary>Ends every call with the error, and takes no more.</summary>
    public void EndAll(InvocationError error, string message)
    {
        lock (_gate)
        {
            _isClosed = true;
            Apply(_table.EndAll(error, message));
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private async ValueTask<InvocationResult> SendAsync(Invocation invocation, TimeSpan left, CancellationToken cancellationToken)
    {
        var serving = _serving();
        var claim = _link.Payloads.Offer(new(null, serving.Master), invocation.Payload);
        try
        {
            return await SendAsync(invocation, claim, serving, left, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (claim is not null)
            {
                _link.Payloads.Release(claim);
            }
        }
    }

    private async ValueTask<InvocationResult> SendAsync(
        Invocation invocation, PayloadClaim? claim, ServingGate serving, TimeSpan left, CancellationToken cancellationToken)
    {
        PendingSkillCall? call;
        CallMessage message;
        lock (_gate)
        {
            var now = _link.Clock.Now;
            if (_isClosed || !serving.MayAsk(now))
            {
                return InvocationResult.Failure(InvocationError.NotServing, "the node has no master at the moment; the call was not sent");
            }

            call = _table.Begin(invocation.Id, serving.Master, left == TimeSpan.MaxValue ? null : now + left, out var refusal);
            if (call is null)
            {
                return refusal;
            }

            message = Message(invocation, call, _table.DoneUpTo(call.Master), left);
            if (claim is not null)
            {
                message = message with { Payload = default, Claim = claim };
            }

            if (_table.Count == 1)
            {
                _timer.Change(s_tick, s_tick);
            }
        }

        using var registration = cancellationToken.UnsafeRegister(
            static state =>
            {
                var (invoker, id) = ((MasterInvoker, CallId))state!;
                invoker.Cancel(id);
            },
            (this, invocation.Id));

        // Not awaited: a bus that keeps the sender waiting must not keep the caller from giving up, nor the deadline from passing.
        _ = DeliverAsync(call, message);
        var result = await call.Completion.ConfigureAwait(false);
        call.Fetch?.Abandon();
        return result;
    }

    // A result that is on its way keeps its call alive; the call's own deadline goes on.
    private void Fetch(PendingSkillCall call, CallFrame frame, PayloadClaim claim)
    {
        if (call.Fetch is null)
        {
            call.Fetch = _link.Payloads.Fetch(new(null, call.Master), claim);
            _ = TakeAsync(call, frame, call.Fetch);
        }
    }

    private async Task TakeAsync(PendingSkillCall call, CallFrame frame, PayloadFetch fetch)
    {
        var (bytes, fault) = await fetch.Completion.ConfigureAwait(false);
        var last = fault is null
            ? frame with { Payload = bytes, Claim = null }
            : new(CallFrameKind.Error, frame.Number) { Code = InvocationError.OutcomeUnknown, Text = $"the call ran, but its result did not arrive: {fault}" };
        lock (_gate)
        {
            Apply(_table.Frame(call.Master, call.Id, last, _link.Clock.Now, out _));
        }
    }

    // The caller's token must not end the sending: a message half handed over would leave open whether it was sent.
    private async Task DeliverAsync(PendingSkillCall call, CallMessage message)
    {
        var (subjects, self) = (_link.Subjects, _link.Identity.Node);
        var head = new MessageHead(MessageTypes.Call, call.Id, call.Master) 
        {
            TtlMs = (uint)Math.Min(message.LeftMs, uint.MaxValue),
            Clock = _link.MasterClock.EchoFor(call.Master, _link.Clock.Now),
        };
        InvocationError error;
        try
        {
            error = await _link.Outbox.SendAsync(
                _link.Buses.Traffic, subjects.ToMaster(self, MessageTypes.Call), subjects.FramesToNode(self, call.Id), head, message, CancellationToken.None)
                .ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody awaits this task: the defect goes to the one who awaits the call.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            call.Fail(exception);
            error = InvocationError.Internal;
        }

        lock (_gate)
        {
            Apply(_table.Sent(call.Id, error, _link.Clock.Now));
        }
    }

    private static CallMessage Message(Invocation invocation, PendingSkillCall call, ulong done, TimeSpan left) => new()
    {
        Number = call.Number,
        Done = done,
        Skill = invocation.Skill,
        Method = invocation.Method,
        Caller = invocation.Caller,
        Depth = invocation.Depth,
        Root = invocation.Root == call.Id ? default : invocation.Root,
        TraceId = invocation.TraceId,
        SessionId = invocation.SessionId,
        LeftMs = left == TimeSpan.MaxValue ? uint.MaxValue : (long)Math.Ceiling(left.TotalMilliseconds),
        Payload = invocation.Payload,
    };

    private void Cancel(CallId id)
    {
        lock (_gate)
        {
            Apply(_table.Cancel(id));
        }
    }

    private void Advance()
    {
        lock (_gate)
        {
            Apply(_table.Advance(_serving().Master, _link.Clock.Now));
            if (_table.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Apply(IReadOnlyList<SkillCallEnd> ends)
    {
        foreach (var end in ends)
        {
            Apply(end);
        }
    }

    private void Apply(SkillCallEnd? end)
    {
        if (end is not { } ended)
        {
            return;
        }

        ended.Call.Complete(ended.Result);
        if (ended.SendsCancel)
        {
            var head = new MessageHead(MessageTypes.Cancel, ended.Call.Id, ended.Call.Master);
            _link.Outbox.Post(
                _link.Buses.Control, _link.Subjects.ToMaster(_link.Identity.Node, MessageTypes.Cancel), null, head, new CancelMessage(ended.Call.Number, 1));
        }
    }
}
