using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Slave;

/// <summary>Drives the session: messages, connection changes and the clock in; requests and answers out. Everything runs on one event loop.</summary>
internal sealed class SlaveControl : IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly SlaveLink _link;
    private readonly SlaveSession _session;
    private readonly InvocationListener _listener;
    private readonly SlaveRegistry _registry;
    private readonly StateDirectory _state;
    private readonly ILogger _logger;
    private readonly EventLoop<SlaveEvent> _loop;
    private readonly BroadcastOrder _order = new();
    private readonly TaskCompletionSource<NodeFault> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _leaveAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionState _lastState;

    public SlaveControl(
        SlaveLink link, SlaveSession session, InvocationListener listener, SlaveRegistry registry, StateDirectory state, ILogger logger)
    {
        (_link, _session, _listener, _registry, _state, _logger) = (link, session, listener, registry, state, logger);
        _loop = new(link.Clock.Time, s_tick, HandleAsync, TickAsync, logger);
    }

    /// <summary>Completes when the node must stop.</summary>
    public Task<NodeFault> Faulted => _faulted.Task;

    /// <summary>Completes when the node has served a master for the first time.</summary>
    public Task Served => _served.Task;

    /// <summary>Begins to look for a master.</summary>
    public void Start()
    {
        _link.Buses.Control.StatusChanged += OnStatus;
        _link.Buses.Traffic.StatusChanged += OnStatus;
        _loop.Start();
        _loop.TryPost(new SlaveEvent.BusChanged());
    }

    /// <summary>Offers other skills than before; completes when the master is told, or will be when there is one.</summary>
    public Task OfferAsync(ImmutableArray<Skill> skills)
    {
        var offer = new SlaveEvent.Offer(skills);
        return _loop.TryPost(offer) ? offer.Done.Task : Task.CompletedTask;
    }

    /// <summary>Tells the master that the node drains, or leaves; completes when it answered or the wait is over.</summary>
    public async ValueTask StopAsync(bool isLast, TimeSpan wait)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _leaveAnswered, answered);
        if (_loop.TryPost(new SlaveEvent.Stop(isLast)))
        {
            await Task.WhenAny(answered.Task, Task.Delay(wait, _link.Clock.Time, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a message of the control lane. Called by the bus.</summary>
    public void OnMessage(in BusMessage message)
    {
        if (!_link.Inbox.TryOpen(message, out var received))
        {
            return;
        }

        if (received.IsNoResponders)
        {
            Post(new SlaveEvent.Unheard(received.Address.Answers!.Value), message.Subject);
            return;
        }

        var envelope = received.Envelope;
        if (received.IsVersionUnsupported)
        {
            _link.Inbox.Drop("version", message.Subject);
        }
        else if (received.Address.Area != 'b' && !_link.IsForUs(envelope))
        {
            _link.Inbox.Drop("instance", message.Subject);
        }
        else if (Decode(received) is { } body)
        {
            Post(new SlaveEvent.Message(Sender.Of(envelope), envelope.Type, envelope.Id, body), message.Subject);
        }
        else
        {
            _link.Inbox.Drop("body", message.Subject);
        }
    }

    /// <summary>Takes a broadcast. Called by the bus, for all broadcasts on one subscription.</summary>
    public void OnBroadcast(in BusMessage message)
    {
        if (!_link.Inbox.TryOpen(message, out var received))
        {
            return;
        }

        if (received.IsVersionUnsupported || Decode(received) is not { } body)
        {
            _link.Inbox.Drop("body", message.Subject);
        }
        else if (!_order.IsNew(received))
        {
            _link.Inbox.Drop("sequence", message.Subject);
        }
        else
        {
            Post(new SlaveEvent.Message(Sender.Of(received.Envelope), received.Envelope.Type, received.Envelope.Id, body), message.Subject);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _link.Buses.Control.StatusChanged -= OnStatus;
        _link.Buses.Traffic.StatusChanged -= OnStatus;
        await _loop.DisposeAsync().ConfigureAwait(false);
    }

    private static object? Decode(in Received received) => (received.Address.Area, received.Envelope.Type) switch
    {
        ('b', MessageTypes.Beacon) => Read<BeaconMessage>(received),
        ('b', MessageTypes.Delta) => Read<DeltaMessage>(received),
        ('n' or 'i', MessageTypes.Sync or MessageTypes.Ping) when received.Address.Answers is null => EmptyMessage.Instance,
        ('n', MessageTypes.Snapshot) when received.Address.Answers is not null => Read<SnapshotMessage>(received),
        ('n', _) when received.Address.Answers is not null => Read<AnswerMessage>(received),
        _ => null,
    };

    private static T? Read<T>(in Received received)
        where T : class, IWireBody<T> => received.Envelope.TryRead<T>(out var body) ? body : null;

    private void Post(SlaveEvent item, string subject)
    {
        if (!_loop.TryPost(item))
        {
            Log.ControlQueueFull(_logger);
            _link.Inbox.Drop("queue", subject);
        }
    }

    private void OnStatus(BusStatus status) => _loop.TryPost(new SlaveEvent.BusChanged());

    private async ValueTask HandleAsync(SlaveEvent item)
    {
        var now = _link.Clock.Now;
        switch (item)
        {
            case SlaveEvent.Offer offer: Take(offer, now); break;
            case SlaveEvent.BusChanged: _session.BusChanged(_link.Buses.AreUp, now); break;
            case SlaveEvent.Stop { IsLast: false }: _session.Drain(now); break;
            case SlaveEvent.Stop: _session.Leave(now); break;
            case SlaveEvent.Unheard unheard:
                _session.Answered(unheard.Id, default, null, now);
                _session.SnapshotAnswered(unheard.Id, default, null, now);
                break;
            case SlaveEvent.Message message: Take(message, now); break;
        }

        try
        {
            await ActAsync().ConfigureAwait(false);
        }
        finally
        {
            (item as SlaveEvent.Offer)?.Done.TrySetResult();
        }
    }

    private void Take(SlaveEvent.Offer offer, TimeSpan now)
    {
        _listener.Offer(offer.Skills.Select(skill => skill.Id));
        _registry.Change(offer.Skills);
        _session.Offer(SkillList.Of(offer.Skills), now);
    }

    private void Take(SlaveEvent.Message message, TimeSpan now)
    {
        switch (message.Body)
        {
            case BeaconMessage beacon: _session.BeaconSeen(message.Master, beacon, now); break;
            case DeltaMessage delta: _session.DeltaSeen(message.Master, delta, now); break;
            case SnapshotMessage page: _session.SnapshotAnswered(message.Id, message.Master, page, now); break;
            case AnswerMessage answer:
                // Before the answer can open the gate: a call that waited outside is given up by then.
                if (answer.Done is { } done && _session.Gate.MayCancel(message.Master))
                {
                    _listener.Settle(message.Master, done);
                }

                _session.Answered(message.Id, message.Master, answer, now);
                if (answer.T0 is { } t0)
                {
                    _link.MasterClock.Hear(message.Master.Instance, t0, now);
                }

                break;
            case EmptyMessage when message.Type == MessageTypes.Ping:
                _link.Answer(message.Type, message.Id, AnswerMessage.Ok);
                break;
            case EmptyMessage when _session.SyncAsked(message.Master, now):
                _link.Answer(message.Type, message.Id, AnswerMessage.Ok);
                break;
        }
    }

    private ValueTask TickAsync()
    {
        _session.Load = (_listener.Running, _listener.Free);
        _session.Tick(_link.Clock.Now);
        return ActAsync();
    }

    private async ValueTask ActAsync()
    {
        // The sequence of actions is kept: an incarnation is on disk before anybody hears of it.
        _link.Identity.Epoch = _session.HighestEpoch;
        while (_session.TryTakeAction(out var action))
        {
            switch (action)
            {
                case SessionAction.KeepIncarnation keep: Keep(keep.Incarnation); break;
                case SessionAction.Send send: await SendAsync(send).ConfigureAwait(false); break;
                case SessionAction.Warn warn: Log.RequestAnsweredWithError(_logger, warn.Type, warn.Answer.Code, warn.Answer.Text ?? ""); break;
                case SessionAction.Drop drop: _link.Inbox.Drop(drop.Reason, "P.n"); break;
                case SessionAction.LeaveAnswered: Volatile.Read(ref _leaveAnswered).TrySetResult(); break;
                case SessionAction.Fail fail:
                    Log.NodeFaulted(_logger, fail.Fault.Message);
                    _faulted.TrySetResult(fail.Fault);
                    break;
            }
        }

        _registry.Publish(_session.Registry);
        ReportState();
    }

    private void Keep(ulong incarnation)
    {
        _state.WriteNumber(SlaveNode.IncarnationFile, incarnation);
        _link.Identity.Incarnation = incarnation;
    }

    private async ValueTask SendAsync(SessionAction.Send send)
    {
        var error = send.Body switch
        {
            HelloMessage hello => await SendAsync(send, hello).ConfigureAwait(false),
            RegisterMessage register => await SendAsync(send, register).ConfigureAwait(false),
            HeartbeatMessage beat => await SendAsync(send, beat).ConfigureAwait(false),
            SnapshotRequest snapshot => await SendAsync(send, snapshot).ConfigureAwait(false),
            DeregisterMessage leave => await SendAsync(send, leave).ConfigureAwait(false),
            AnswerMessage report => await SendAsync(send, report).ConfigureAwait(false),
            _ => InvocationError.Internal,
        };
        if (error != InvocationError.None && send.Body is RegisterMessage)
        {
            Log.RegistrationNotSent(_logger, error);
        }
    }

    private ValueTask<InvocationError> SendAsync<T>(SessionAction.Send send, T body)
        where T : IWireBody<T> => _link.Outbox.SendAsync(
            _link.Buses.Control,
            _link.Subjects.ToMaster(_link.Identity.Node, send.Type),
            send.Type == MessageTypes.Epoch ? null : _link.Subjects.AnswerToNode(_link.Identity.Node, send.Id),
            new(send.Type, send.Id, send.To),
            body,
            CancellationToken.None);

    private void ReportState()
    {
        var state = _session.State;
        if (state == _lastState)
        {
            return;
        }

        if (state == SessionState.Serving)
        {
            Log.SlaveServes(_logger, _session.Gate.Epoch);
            _served.TrySetResult();
        }
        else if (state == SessionState.Orphaned)
        {
            Log.SlaveOrphaned(_logger);
        }

        _lastState = state;
    }
}
