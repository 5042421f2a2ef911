using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;

namespace Luminarys.Cluster.Master;

/// <summary>Sends calls to the nodes that own their skills and waits for the one answer of each. Drives a <see cref="CallTable"/>. Thread-safe.</summary>
internal sealed class RemoteInvoker : IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly NodeBuses _buses;
    private readonly Outbox _outbox;
    private readonly NodeClock _clock;
    private readonly PeerTable _peers;
    private readonly InstanceProbe _probe;
    private readonly CallTable _table;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private bool _isClosed;

    public RemoteInvoker(NodeBuses buses, Outbox outbox, NodeClock clock, PeerTable peers, InstanceProbe probe, CallSettings settings)
    {
        (_buses, _outbox, _clock, _peers, _probe) = (buses, outbox, clock, peers, probe);
        _table = new(settings);
        _timer = clock.Time.CreateTimer(_ => Advance(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        buses.Control.StatusChanged += OnStatus;
        buses.Traffic.StatusChanged += OnStatus;
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

    /// <summary>Runs the call on the node of the entry.</summary>
    /// <param name="entry">The node that has the skill.</param>
    /// <param name="invocation">The call.</param>
    /// <param name="attempt">How often it is sent, this time included.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async ValueTask<InvocationResult> InvokeAsync(RegistryEntry entry, Invocation invocation, int attempt, CancellationToken cancellationToken)
    {
        if (invocation.Payload.Length > InlineLimit)
        {
            return InvocationResult.Failure(
                InvocationError.PayloadTooLarge, $"the arguments have {invocation.Payload.Length} bytes; another node takes up to {InlineLimit}. Use a file transfer.");
        }

        if (_peers.Find(entry.Node) is not { } peer || (peer.IsSuspect && !await AnswersAsync(peer, cancellationToken).ConfigureAwait(false)))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return GivenUp();
            }

            return InvocationResult.Failure(InvocationError.NotServing, $"node '{entry.Node}' does not answer; the call was not sent");
        }

        var left = invocation.Deadline.Remaining(_clock.Time);
        if (left == TimeSpan.Zero)
        {
            return InvocationResult.Failure(InvocationError.Deadline, "the deadline had passed before the call was sent");
        }

        return cancellationToken.IsCancellationRequested
            ? GivenUp()
            : await SendAsync(peer, invocation, attempt, left, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a frame of a call, or the notice that nobody took it. Called by the bus.</summary>
    public bool TryTake(in Received received)
    {
        if (received.Address.Answers is not { } id)
        {
            return false;
        }

        if (received.IsNoResponders)
        {
            lock (_gate)
            {
                Apply(_table.NoResponders(id));
            }

            return true;
        }

        if (!received.Envelope.TryRead<CallFrame>(out var frame))
        {
            return false;
        }

        lock (_gate)
        {
            Apply(_table.Frame(received.Envelope.Source, received.Envelope.Instance, id, frame, _clock.Now, out var isKnown));
            return isKnown;
        }
    }

    /// <summary>Every call to this process with a number up to the answer has ended.</summary>
    public ulong DoneUpTo(InstanceId instance)
    {
        lock (_gate)
        {
            return _table.DoneUpTo(instance);
        }
    }

    /// <summary>The process is gone.</summary>
    public void NodeLost(InstanceId instance)
    {
        lock (_gate)
        {
            Apply(_table.NodeLost(instance));
        }
    }

    /// <summary>The connections of a process, or of this one, were away: frames may be lost.</summary>
    /// <param name="instance">The process; null for this one.</param>
    public void AskAgain(InstanceId? instance)
    {
        lock (_gate)
        {
            Apply(_table.AskAgain(instance));
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

    public ValueTask DisposeAsync()
    {
        _buses.Control.StatusChanged -= OnStatus;
        _buses.Traffic.StatusChanged -= OnStatus;
        return _timer.DisposeAsync();
    }

    private void OnStatus(BusStatus status)
    {
        if (status == BusStatus.Up)
        {
            AskAgain(null);
        }
    }

    private int InlineLimit => Math.Min(ProtocolLimits.InlinePayload, _buses.Traffic.MaxPayload - ProtocolLimits.EnvelopeRoom);

    private static InvocationResult GivenUp() =>
        InvocationResult.Failure(InvocationError.Cancelled, "the caller gave up before the call was sent");

    // A caller who gives up meanwhile gets an answer like every other.
    private async ValueTask<bool> AnswersAsync(Peer peer, CancellationToken cancellationToken)
    {
        try
        {
            return await _probe.IsAliveAsync(peer.Node, peer.Instance, cancellationToken).ConfigureAwait(false) is true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask<InvocationResult> SendAsync(Peer peer, Invocation invocation, int attempt, TimeSpan left, CancellationToken cancellationToken)
    {
        PendingCall? call;
        CallMessage message;
        lock (_gate)
        {
            if (_isClosed)
            {
                return InvocationResult.Failure(InvocationError.Draining, "the master is stopping; the call was not sent");
            }

            var now = _clock.Now;
            call = _table.Begin(invocation.Id, peer, now, left == TimeSpan.MaxValue ? null : now + left);
            if (call is null)
            {
                return InvocationResult.Failure(InvocationError.Conflict, "a call with this id runs already");
            }

            call.Progress = invocation.Progress;
            message = Message(invocation, call, _table.DoneUpTo(peer.Instance), left) with { Attempt = attempt };
            if (_table.Count == 1)
            {
                _timer.Change(s_tick, s_tick);
            }
        }

        using var registration = cancellationToken.UnsafeRegister(
            static state =>
            {
                var (invoker, id) = ((RemoteInvoker, CallId))state!;
                invoker.Cancel(id);
            },
            (this, invocation.Id));

        // Not awaited: a bus that keeps the sender waiting must not keep the caller from giving up, nor the deadline from passing.
        _ = DeliverAsync(peer, call, message);
        return await call.Completion.ConfigureAwait(false);
    }

    // The caller's token must not end the sending: a message half handed over would leave open whether it was sent.
    private async Task DeliverAsync(Peer peer, PendingCall call, CallMessage message)
    {
        var head = new MessageHead(MessageTypes.Call, call.Id, peer.Instance)
        {
            TtlMs = (uint)Math.Min(message.LeftMs, uint.MaxValue),
            Clock = new(peer.T0, (long)(_clock.Now - peer.HeardAt).TotalMilliseconds),
        };
        var subjects = _outbox.Subjects;
        InvocationError error;
        try
        {
            error = await _outbox.SendAsync(
                _buses.Traffic, subjects.ToNode(peer.Node, MessageTypes.Call), subjects.Frames(peer.Node, call.Id), head, message, CancellationToken.None)
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
            Apply(_table.Sent(call.Id, error, _clock.Now));
        }
    }

    private static CallMessage Message(Invocation invocation, PendingCall call, ulong done, TimeSpan left) => new()
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
            Apply(_table.Advance(_clock.Now));
            if (_table.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Apply(IReadOnlyList<CallAction> actions)
    {
        foreach (var action in actions.Where(action => action.Kind != CallActionKind.Query))
        {
            Apply(action);
        }

        Query([.. actions.Where(action => action.Kind == CallActionKind.Query).Select(action => action.Call)]);
    }

    // One message for many calls of one process. Posted: a question that is lost is asked again.
    private void Query(IReadOnlyCollection<PendingCall> calls)
    {
        foreach (var node in calls.GroupBy(call => (call.Node, call.Instance)))
        {
            foreach (var page in node.Chunk(QueryMessage.MaxCalls))
            {
                _outbox.Post(
                    _buses.Control,
                    _outbox.Subjects.ToNode(node.Key.Node, MessageTypes.Query),
                    null,
                    new(MessageTypes.Query, CallId.New(_clock.Time), node.Key.Instance),
                    new QueryMessage([.. page.Select(call => (call.Id, call.Number))]));
            }
        }
    }

    private async Task ProbeAsync(PendingCall call)
    {
        bool? isAlive = null;
        try
        {
            isAlive = await _probe.IsAliveAsync(call.Node, call.Instance, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody awaits this task: the defect goes to the one who awaits the call.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            call.Fail(exception);
        }

        lock (_gate)
        {
            Apply(_table.Probed(call.Instance, isAlive, _clock.Now));
        }
    }

    private void Apply(CallAction? action)
    {
        if (action is not { } ended)
        {
            return;
        }

        switch (ended.Kind)
        {
            case CallActionKind.Probe:
                _ = ProbeAsync(ended.Call);
                return;
            case CallActionKind.Query:
                Query([ended.Call]);
                return;
        }

        ended.Call.Complete(ended.Result);
        if (ended.SendsCancel)
        {
            var head = new MessageHead(MessageTypes.Cancel, ended.Call.Id, ended.Call.Instance);
            _outbox.Post(_buses.Control, _outbox.Subjects.ToNode(ended.Call.Node, MessageTypes.Cancel), null, head, new CancelMessage(ended.Call.Number, 1));
        }
    }
}
