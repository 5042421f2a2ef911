using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Messaging.Payloads;
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
    private readonly CallPost _post;
    private readonly NodeClock _clock;
    private readonly PeerTable _peers;
    private readonly InstanceProbe _probe;
    private readonly PayloadExchange _payloads;
    private readonly CallTable _table;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private bool _isClosed;

    public RemoteInvoker(MasterLink link, PeerTable peers, CallSettings settings)
    {
        (_buses, _clock, _probe, _payloads) = (link.Buses, link.Clock, link.Probe, link.Payloads);
        _post = new(link.Buses, link.Outbox, link.Clock, Sent);
        _peers = peers;
        _table = new(settings);
        _timer = _clock.Time.CreateTimer(_ => Advance(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _buses.Control.StatusChanged += OnStatus;
        _buses.Traffic.StatusChanged += OnStatus;
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
    public ValueTask<InvocationResult> InvokeAsync(RegistryEntry entry, Invocation invocation, int attempt, CancellationToken cancellationToken)
    {
        if (invocation.Payload.Length > ProtocolLimits.MaxPayload)
        {
            return new(CallRefusals.TooLarge(invocation.Payload.Length));
        }

        return _peers.Find(entry.Node) is not { } peer ? new(CallRefusals.NotAnswering(entry.Node))
            : peer.IsSuspect ? ProbeAndSendAsync(peer, invocation, attempt, cancellationToken)
            : SendAsync(peer, invocation, attempt, cancellationToken);
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

        bool isKnown;
        CallAction? action;
        lock (_gate)
        {
            action = _table.Frame(received.Envelope.Source, received.Envelope.Instance, id, frame, _clock.Now, out isKnown);
            if (isKnown && frame.Claim is { } claim)
            {
                Fetch(_table.Find(id)!, frame, claim);
            }
        }

        // Not while the gate is held: it wakes the caller.
        Apply(action);
        return isKnown;
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
    public void NodeLost(NodeId node, InstanceId instance)
    {
        _post.Forget(node);
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

    private async ValueTask<InvocationResult> ProbeAndSendAsync(Peer peer, Invocation invocation, int attempt, CancellationToken cancellationToken)
    {
        var isAlive = false;
        try
        {
            isAlive = await _probe.IsAliveAsync(peer.Node, peer.Instance, cancellationToken).ConfigureAwait(false) is true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A caller who gives up meanwhile gets an answer like every other.
            return CallRefusals.GivenUp;
        }

        return isAlive ? await SendAsync(peer, invocation, attempt, cancellationToken).ConfigureAwait(false) : CallRefusals.NotAnswering(peer.Node);
    }

    private ValueTask<InvocationResult> SendAsync(Peer peer, Invocation invocation, int attempt, CancellationToken cancellationToken)
    {
        var left = invocation.Deadline.Remaining(_clock.Time);
        if (left == TimeSpan.Zero)
        {
            return new(CallRefusals.TooLate);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return new(CallRefusals.GivenUp);
        }

        var claim = _payloads.Offer(new(peer.Node, peer.Instance), invocation.Payload);
        if (Begin(peer, invocation, (attempt, claim), left, out var message) is not { } call)
        {
            Release(claim);
            return new(_isClosed ? CallRefusals.Stopping : CallRefusals.Twice);
        }

        // Not awaited: a bus that keeps the sender waiting must not keep the caller from giving up, nor the deadline from passing.
        _post.Deliver(peer, call, message);
        return claim is null && !cancellationToken.CanBeCanceled ? new(call.Completion) : FinishAsync(call, claim, cancellationToken);
    }

    // Null when the call cannot begin.
    private PendingCall? Begin(Peer peer, Invocation invocation, (int Number, PayloadClaim? Claim) attempt, TimeSpan left, out CallMessage message)
    {
        message = null!;
        lock (_gate)
        {
            var now = _clock.Now;
            if (_isClosed || _table.Begin(invocation.Id, peer, now, left == TimeSpan.MaxValue ? null : now + left) is not { } call)
            {
                return null;
            }

            call.Progress = invocation.Progress;
            message = CallMessage.Of(invocation, call.Number, _table.SettledBefore(call), left, attempt.Claim, attempt.Number);
            if (_table.Count == 1)
            {
                _timer.Change(s_tick, s_tick);
            }

            return call;
        }
    }

    private async ValueTask<InvocationResult> FinishAsync(PendingCall call, PayloadClaim? claim, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(
            static state =>
            {
                var (invoker, id) = ((RemoteInvoker, CallId))state!;
                invoker.Cancel(id);
            },
            (this, call.Id));
        try
        {
            return await call.Completion.ConfigureAwait(false);
        }
        finally
        {
            Release(claim);
        }
    }

    private void Release(PayloadClaim? claim)
    {
        if (claim is not null)
        {
            _payloads.Release(claim);
        }
    }

    // A result that is on its way keeps its call alive; the call's own deadline goes on.
    private void Fetch(PendingCall call, CallFrame frame, PayloadClaim claim)
    {
        if (call.Fetch is null)
        {
            call.Fetch = _payloads.Fetch(new(call.Node, call.Instance), claim);
            _ = TakeAsync(call, frame, call.Fetch);
        }
    }

    private async Task TakeAsync(PendingCall call, CallFrame frame, PayloadFetch fetch)
    {
        var (bytes, fault) = await fetch.Completion.ConfigureAwait(false);
        var last = fault is null
            ? frame with { Payload = bytes, Claim = null }
            : new(CallFrameKind.Error, frame.Number) { Code = InvocationError.OutcomeUnknown, Text = $"the call ran, but its result did not arrive: {fault}" };
        lock (_gate)
        {
            Apply(_table.Frame(call.Node, call.Instance, call.Id, last, _clock.Now, out _));
        }
    }

    private void Sent(PendingCall call, InvocationError error)
    {
        lock (_gate)
        {
            Apply(_table.Sent(call.Id, error, _clock.Now));
        }
    }

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

        _post.Query([.. actions.Where(action => action.Kind == CallActionKind.Query).Select(action => action.Call)]);
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
                _post.Query([ended.Call]);
                return;
        }

        ended.Call.Complete(ended.Result);
        ended.Call.Fetch?.Abandon();
        if (ended.SendsCancel)
        {
            _post.Cancel(ended.Call);
        }
    }
}
