using System.Collections.Concurrent;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master;

/// <summary>Drives the node directory: messages and the clock in, answers and broadcasts out. Everything runs on one event loop.</summary>
internal sealed class MasterControl : IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly MasterLink _link;
    private readonly NodeDirectory _directory;
    private readonly MasterOffice _office;
    private readonly RegistryPublisher _publisher;
    private readonly ILogger _logger;
    private readonly EventLoop<MasterEvent> _loop;
    private readonly ConcurrentDictionary<InstanceId, InstanceId> _probing = new();
    private TimeSpan _publishedAt;

    public MasterControl(MasterLink link, NodeDirectory directory, MasterOffice office, RegistryPublisher publisher, ILogger logger)
    {
        (_link, _directory, _office, _publisher, _logger) = (link, directory, office, publisher, logger);
        _loop = new(link.Clock.Time, s_tick, HandleAsync, TickAsync, logger);
    }

    /// <summary>Begins to answer.</summary>
    public void Start() => _loop.Start();

    /// <summary>Takes office with the master's own skills; completes when the first registry is published.</summary>
    public Task TakeOfficeAsync(SkillList skills) => CommandAsync(new(skills));

    /// <summary>Offers other skills of its own than before; completes when the registry says so.</summary>
    public Task OfferAsync(SkillList skills)
    {
        var command = new OfferCommand(skills);
        return _loop.TryPost(new(default, default, command)) ? command.Done.Task : Task.CompletedTask;
    }

    /// <summary>Tells the slaves that the master stops; completes when that is sent.</summary>
    public Task LeaveOfficeAsync() => CommandAsync(new(null));

    /// <summary>Takes a message of the control lane. Called by the bus.</summary>
    public void OnMessage(in BusMessage message)
    {
        if (message.Kind != BusMessageKind.Data || !_link.Inbox.TryOpen(message, out var received))
        {
            return;
        }

        var envelope = received.Envelope;
        var request = new RequestRef(envelope.Type, envelope.Id, received.ReplyTo);
        if (received.IsMisaddressed)
        {
            Answer(Sender.Of(envelope), request, new() { Code = InvocationError.NotServing, Text = "the message does not name this master" });
        }
        else if (received.IsVersionUnsupported)
        {
            Answer(Sender.Of(envelope), request, new() { Code = InvocationError.VersionUnsupported, Text = $"this master speaks protocol {ProtocolLimits.Version}" });
        }
        else if (Decode(received) is not { } body)
        {
            _link.Inbox.Drop("body", message.Subject);
        }
        else if (!_loop.TryPost(new(Sender.Of(envelope), request, body)))
        {
            Log.ControlQueueFull(_logger);
            _link.Inbox.Drop("queue", message.Subject);
        }
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private static object? Decode(in Received received) => (received.Address.Area, received.Address.Type) switch
    {
        ('b', _) => Read<BeaconMessage>(received),
        (_, MessageTypes.Hello) => Read<HelloMessage>(received),
        (_, MessageTypes.Register) => Read<RegisterMessage>(received),
        (_, MessageTypes.Heartbeat) => Read<HeartbeatMessage>(received),
        (_, MessageTypes.Deregister) => Read<DeregisterMessage>(received),
        (_, MessageTypes.Snapshot) => Read<SnapshotRequest>(received),
        (_, MessageTypes.Epoch) => Read<AnswerMessage>(received),
        _ => null,
    };

    private static T? Read<T>(in Received received)
        where T : class, IWireBody<T> => received.Envelope.TryRead<T>(out var body) ? body : null;

    private ValueTask HandleAsync(MasterEvent item)
    {
        var now = _link.Clock.Now;
        switch (item.Body)
        {
            case BeaconMessage beacon:
                _office.Meet(item.Sender, item.Request, beacon);
                return ValueTask.CompletedTask;
            case OfficeCommand command:
                Obey(() => Obey(command, now), command.Done);
                return ValueTask.CompletedTask;
            case OfferCommand command:
                Obey(() => Offer(command.Skills, now), command.Done);
                return ValueTask.CompletedTask;
            case HelloMessage { Role: NodeRole.Master } hello when _office.IsHeld:
                // Refused before its epoch is looked at: one that asks for the place says nothing about what slaves remember.
                Reply(item, hello, _directory.Hello(item.Sender, hello, now));
                return ValueTask.CompletedTask;
        }

        if (IsHeard(item) && !_office.Heed(item.Sender, item.Body as AnswerMessage, now))
        {
            _link.Inbox.Drop("epoch-jump", item.Request.Type);
            return ValueTask.CompletedTask;
        }

        if (!_office.IsHeld)
        {
            // Nobody may bind to an epoch that is not settled yet, or is over.
            return ValueTask.CompletedTask;
        }

        switch (item.Body)
        {
            case HelloMessage hello when item.Probed is { } probed:
                Reply(item, hello, _directory.HelloAfterProbe(item.Sender, hello, probed, item.IsAlive, now));
                break;
            case HelloMessage hello:
                Reply(item, hello, _directory.Hello(item.Sender, hello, now));
                _publisher.AskAgain(item.Sender.Instance);
                break;
            case RegisterMessage register: Reply(item, register, _directory.Register(item.Sender, register, now)); break;
            case HeartbeatMessage beat: Reply(item, beat, _directory.Heartbeat(item.Sender, beat, now)); break;
            case DeregisterMessage leave: Reply(item, leave, _directory.Deregister(item.Sender, leave, now)); break;
            case SnapshotRequest snapshot: ReplySnapshot(item, snapshot); break;
        }

        // When many nodes come at once their lists share a version; the next tick is not far. A node that leaves is not called any more from now on.
        if (item.Body is DeregisterMessage || now - _publishedAt >= s_tick)
        {
            Publish(now);
        }

        return ValueTask.CompletedTask;
    }

    // What a process that nobody knows says about epochs counts for nothing before it has said hello.
    private bool IsHeard(MasterEvent item) => item.Body is HelloMessage or AnswerMessage || _directory.Admits(item.Sender);

    private void Publish(TimeSpan now)
    {
        if (_publisher.Publish(_directory))
        {
            _publishedAt = now;
        }
    }

    private void Obey(Action command, TaskCompletionSource done)
    {
        try
        {
            command();
            done.TrySetResult();
        }
#pragma warning disable CA1031 // It goes to the one who gave the command and waits for its end.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.EventFailed(_logger, exception);
            done.TrySetException(exception);
        }
    }

    private void Obey(OfficeCommand command, TimeSpan now)
    {
        if (command.Skills is not { } skills)
        {
            _office.Leave();
            return;
        }

        _office.Take(skills, now);
        _publisher.Publish(_directory);
        _office.Beacon(now);
    }

    private void Offer(SkillList skills, TimeSpan now)
    {
        _office.Offer(skills, now);
        _publisher.Publish(_directory);
    }

    private Task CommandAsync(OfficeCommand command)
    {
        return _loop.TryPost(new(default, default, command)) ? command.Done.Task : Task.CompletedTask;
    }

    private async ValueTask TickAsync()
    {
        if (!_office.IsHeld)
        {
            return;
        }

        var now = _link.Clock.Now;
        _directory.Sweep(now, _link.Buses.AreUp);
        if (_directory.HasDoubt)
        {
            Log.MassSilence(_logger);
            await _link.Buses.Control.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }

        Publish(now);
        _publisher.Broadcast(now);
        _office.Beacon(now);
    }

    private void Reply(MasterEvent item, object body, DirectoryReply reply)
    {
        if (reply.Probe is { } probe)
        {
            if (_probing.TryAdd(item.Sender.Instance, probe))
            {
                _ = ProbeAsync(item, probe);
            }

            return;
        }

        if (reply.AsksSync)
        {
            var head = new MessageHead(MessageTypes.Sync, CallId.New(_link.Clock.Time), item.Sender.Instance);
            _link.Outbox.Post(
                _link.Buses.Control,
                _link.Subjects.ToNode(item.Sender.Node, MessageTypes.Sync),
                _link.Subjects.AnswerToMaster(item.Sender.Node, head.Id),
                head,
                EmptyMessage.Instance);
        }

        var answer = reply.Answer!;
        if (answer.Code != InvocationError.None)
        {
            Log.RequestRefused(_logger, item.Request.Type, item.Sender.Node, answer.Code);
        }
        else
        {
            answer = answer with
            {
                Done = _publisher.DoneUpTo(item.Sender.Instance),
                T0 = body is HeartbeatMessage ? (ulong)_link.Clock.Now.TotalMilliseconds : null,
            };
        }

        Answer(item.Sender, item.Request, answer);
    }

    private void ReplySnapshot(MasterEvent item, SnapshotRequest request)
    {
        if (item.Request.ReplyTo is null)
        {
            return;
        }

        if (!_directory.Admits(item.Sender))
        {
            _link.Answer(item.Sender, item.Request, new SnapshotMessage(InvocationError.NotServing, 0, default, HasMore: false, []));
            return;
        }

        var copy = _directory.Copy;
        var pageSize = Math.Min(ProtocolLimits.PageSize, _link.Buses.Control.MaxPayload - ProtocolLimits.EnvelopeRoom);
        var page = copy.PageAfter(request.After, pageSize, out var hasMore);
        _link.Answer(item.Sender, item.Request, new SnapshotMessage(InvocationError.None, copy.Version.Revision, copy.Digest, hasMore, page));
    }

    private void Answer(Sender sender, RequestRef request, AnswerMessage answer)
    {
        if (request.ReplyTo is not null)
        {
            _link.Answer(sender, request, answer);
        }
    }

    private async Task ProbeAsync(MasterEvent item, InstanceId probed)
    {
        try
        {
            // Without an answer the newcomer gets none either; it says hello again.
            if (await _link.Probe.IsAliveAsync(item.Sender.Node, probed, CancellationToken.None).ConfigureAwait(false) is { } isAlive)
            {
                _loop.TryPost(item with { Probed = probed, IsAlive = isAlive });
            }
        }
        finally
        {
            _probing.TryRemove(item.Sender.Instance, out _);
        }
    }
}
