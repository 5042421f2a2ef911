using Luminarys.Cluster;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Simulation;

/// <summary>A master's process: the real directory, office and call table, driven by the simulation in place of event loop and bus.</summary>
internal sealed class SimulatedMaster : SimulatedProcess
{
    private static readonly TimeSpan s_epochWait = TimeSpan.FromSeconds(1);
    private readonly SimulatedDisk _disk;
    private readonly SkillOwnership _ownership;
    private readonly NodeDirectory _directory;
    private readonly MasterOffice _office;
    private readonly MasterLink _link;
    private readonly CallDesk _desk;
    private readonly ProbeDesk _probes;
    private readonly ProbeDesk _callProbes;
    private readonly Dictionary<InstanceId, TimeSpan> _heard = [];
    private readonly Dictionary<NodeId, ulong> _welcomed = [];
    private readonly HashSet<InstanceId> _replaced = [];
    private RegistryCopy _current = RegistryCopy.Empty;
    private RegistryCopy _broadcast = RegistryCopy.Empty;
    private RegistrySnapshot _snapshot = RegistrySnapshot.Empty;
    private TimeSpan? _changedAt;
    private TimeSpan _cutOffAt;

    public SimulatedMaster(Simulation simulation, NodeId node, SimulatedDisk disk, SimulatedTime time)
        : base(simulation, node, NodeRole.Master, time)
    {
        _disk = disk;
        var peers = new PeerTable();
        _ownership = new(node, simulation.Ttl);
        _ownership.Restore(disk.Owners);
        var self = new Node(node, NodeRole.Master, NodeState.Alive, 1, Instance);
        _directory = new(self, new(simulation.Interval, simulation.Ttl), peers, _ownership, simulation.Defences);
        _link = new(Buses, Outbox, Inbox, new(new ControlRequests(Buses.Control, Outbox, time), Outbox, Buses.Control), Clock);
        _office = new(_link, Identity, new(null, node), _directory, new(simulation.Interval), NullLogger.Instance);
        _callProbes = new(_link, action => Later(TimeSpan.FromMilliseconds(500), action));
        _desk = new(simulation, _link, peers, _callProbes, Instance);
        _probes = new(_link, action => Later(TimeSpan.FromMilliseconds(500), action));
        Start();

        // A living master would refuse the hello; one that is paused, or cut off, does not answer.
        var hello = new HelloMessage(ProtocolLimits.Version, ProtocolLimits.Version, NodeRole.Master, 0);
        var id = new CallId(Scheduler.NextGuid());
        Outbox.Post(Buses.Control, Outbox.Subjects.ToMaster(node, MessageTypes.Hello), Outbox.Subjects.AnswerToNode(node, id), new(MessageTypes.Hello, id), hello);
        Later(TimeSpan.FromMilliseconds(500), AskEpoch);
    }

    /// <summary>Whether it is in office.</summary>
    public bool IsHeld => _office.IsHeld;

    public RegistryCopy Registry => _directory.Copy;

    public int Calls => _desk.Count;

    public override void BusChanged()
    {
        if (Buses.AreUp)
        {
            _desk.AskAgain(null);
        }
    }

    public override void Crash()
    {
        base.Crash();
        Simulation.History.MasterEnded(Instance);
    }

    public override void Take(BusMessage message)
    {
        if (!Inbox.TryOpen(message, out var received))
        {
            return;
        }

        if (received.Address.Answers is not null)
        {
            TakeAnswer(received);
        }
        else if (Decode(received) is { } body)
        {
            Handle(Sender.Of(received.Envelope), new(received.Envelope.Type, received.Envelope.Id, received.ReplyTo), body);
        }
    }

    protected override void Tick()
    {
        _desk.Advance();
        if (!IsHeld)
        {
            return;
        }

        _cutOffAt = Buses.AreUp ? _cutOffAt : Scheduler.Now;
        var before = _directory.Copy.Nodes.Where(node => !node.IsDraining).ToList();
        _directory.Sweep(Clock.Now, Buses.AreUp);
        CheckRemovals(before);
        Publish();
        Broadcast();
        _office.Beacon(Clock.Now);
        _desk.Issue(_snapshot);
    }

    private void AskEpoch()
    {
        _office.Claim(_disk.Number + 1);
        _disk.Number = Identity.Epoch;
        Outbox.Post(
            Buses.Control, Outbox.Subjects.Beacon, null, new(MessageTypes.Beacon, new(Scheduler.NextGuid())), new BeaconMessage(BeaconKind.Probe, 0, default));
        Later(
            s_epochWait,
            () =>
            {
                _office.Take(SkillCatalog.OfMaster, Clock.Now);
                AfterEvent();
                Simulation.Trace($"{Node} takes office with epoch {Identity.Epoch}");
            });
    }

    private void TakeAnswer(in Received received)
    {
        if (_probes.TryTake(received, Instance) || _callProbes.TryTake(received, Instance))
        {
            return;
        }

        if (received.IsNoResponders)
        {
            _desk.NoResponders(received.Address.Answers!.Value);
        }
        else if (received.Envelope.Type == MessageTypes.Frame && received.Envelope.TryRead<CallFrame>(out var frame))
        {
            _desk.Take(received.Envelope, frame);
        }
        else if (received.Address.Area == 'n' && received.Envelope.TryRead<AnswerMessage>(out var answer) && answer.Code == InvocationError.MasterConflict && !IsHeld)
        {
            Crash();
        }
    }

    private static object? Decode(in Received received) => (received.Address.Area, received.Address.Type) switch
    {
        ('b', MessageTypes.Beacon) => Read<BeaconMessage>(received),
        ('m', MessageTypes.Hello) => Read<HelloMessage>(received),
        ('m', MessageTypes.Register) => Read<RegisterMessage>(received),
        ('m', MessageTypes.Heartbeat) => Read<HeartbeatMessage>(received),
        ('m', MessageTypes.Deregister) => Read<DeregisterMessage>(received),
        ('m', MessageTypes.Snapshot) => Read<SnapshotRequest>(received),
        ('m', MessageTypes.Epoch) => Read<AnswerMessage>(received),
        _ => null,
    };

    private static T? Read<T>(in Received received)
        where T : class, IWireBody<T> => received.Envelope.TryRead<T>(out var body) ? body : null;

    // The order of the checks is that of the master's control loop.
    private void Handle(Sender sender, RequestRef request, object body)
    {
        var now = Clock.Now;
        switch (body)
        {
            case BeaconMessage beacon:
                _office.Meet(sender, request, beacon);
                AfterEvent();
                return;
            case HelloMessage { Role: NodeRole.Master } hello:
                if (IsHeld)
                {
                    Answer(sender, request, _directory.Hello(sender, hello, now).Answer!);
                }

                return;
        }

        if (!_office.Heed(sender, body as AnswerMessage, now) || !IsHeld)
        {
            AfterEvent();
            return;
        }

        switch (body)
        {
            case HelloMessage hello:
                Reply(sender, request, hello, _directory.Hello(sender, hello, now));
                _desk.AskAgain(sender.Instance);
                break;
            case RegisterMessage register: Reply(sender, request, register, _directory.Register(sender, register, now)); break;
            case HeartbeatMessage beat: Reply(sender, request, beat, _directory.Heartbeat(sender, beat, now)); break;
            case DeregisterMessage leave: Reply(sender, request, leave, _directory.Deregister(sender, leave, now)); break;
            case SnapshotRequest snapshot: ReplySnapshot(sender, request, snapshot); break;
        }

        AfterEvent();
    }

    private void Reply(Sender sender, RequestRef request, object body, DirectoryReply reply)
    {
        if (reply.Probe is { } probed)
        {
            _probes.Ask(sender, probed, isAlive => Run(() =>
            {
                if (IsHeld)
                {
                    _replaced.Add(probed);
                    Reply(sender, request, body, _directory.HelloAfterProbe(sender, (HelloMessage)body, probed, isAlive, Clock.Now));
                    AfterEvent();
                }
            }));
            return;
        }

        if (reply.AsksSync)
        {
            var head = new MessageHead(MessageTypes.Sync, new(Scheduler.NextGuid()), sender.Instance);
            Outbox.Post(
                Buses.Control,
                Outbox.Subjects.ToNode(sender.Node, MessageTypes.Sync),
                Outbox.Subjects.AnswerToMaster(sender.Node, head.Id),
                head,
                EmptyMessage.Instance);
        }

        var answer = reply.Answer!;
        if (answer.Code == InvocationError.None)
        {
            _heard[sender.Instance] = Scheduler.Now;
        }

        if (body is HelloMessage && answer.Code == InvocationError.None)
        {
            Violation.Require(
                sender.Incarnation >= _welcomed.GetValueOrDefault(sender.Node), $"R-2: an older process of {sender.Node} was let in after a newer one");
            _welcomed[sender.Node] = sender.Incarnation;
        }

        if (answer.Code == InvocationError.None)
        {
            answer = answer with { Done = _desk.DoneUpTo(sender.Instance) };
        }

        Answer(sender, request, answer);
    }

    private void ReplySnapshot(Sender sender, RequestRef request, SnapshotRequest snapshot)
    {
        if (!_directory.Admits(sender))
        {
            _link.Answer(sender, request, new SnapshotMessage(InvocationError.NotServing, 0, default, HasMore: false, []));
            return;
        }

        var page = _directory.Copy.PageAfter(snapshot.After, 1500, out var hasMore);
        _link.Answer(sender, request, new SnapshotMessage(InvocationError.None, _directory.Copy.Version.Revision, _directory.Copy.Digest, hasMore, page));
    }

    private void Answer(Sender sender, RequestRef request, AnswerMessage answer)
    {
        if (request.ReplyTo is not null)
        {
            _link.Answer(sender, request, answer);
        }
    }

    private void AfterEvent()
    {
        if (Identity.Epoch > _disk.Number)
        {
            _disk.Number = Identity.Epoch;
        }

        Publish();
        if (_office.Faulted.IsCompleted)
        {
            _office.Leave();
            _desk.EndAll();
            Simulation.Trace($"{Node} steps down");
            Crash();
        }
    }

    private void Publish()
    {
        if (_directory.Copy.Version == _current.Version)
        {
            return;
        }

        if (_current.Version.Epoch != _directory.Copy.Version.Epoch)
        {
            _broadcast = _directory.Copy;
        }

        Simulation.Registries.Publish(_current, _directory.Copy);
        var before = _snapshot;
        (_current, _snapshot) = (_directory.Copy, _directory.Snapshot);
        _changedAt ??= Clock.Now;
        _disk.Owners = _ownership.Format();
        foreach (var node in RegistryChanges.Lost(before, _snapshot))
        {
            _desk.NodeLost(node.Instance);
        }
    }

    private void Broadcast()
    {
        if (_changedAt is not { } at || Clock.Now - at < TimeSpan.FromMilliseconds(100) || _current.Version == _broadcast.Version)
        {
            return;
        }

        var delta = _current.Since(_broadcast);
        (_broadcast, _changedAt) = (_current, null);
        Outbox.Post(Buses.Control, Outbox.Subjects.Registry, null, new(MessageTypes.Delta, new(Scheduler.NextGuid())), delta);
    }

    private void CheckRemovals(List<NodeCopy> before)
    {
        var left = _directory.Copy.Nodes.Select(node => node.Instance).ToHashSet();
        foreach (var gone in before.Where(node => !left.Contains(node.Instance) && !_replaced.Contains(node.Instance)))
        {
            var since = new[] { _heard[gone.Instance], LongPauseEndedAt, _cutOffAt }.Max();
            Violation.Require(Scheduler.Now - since >= Simulation.Ttl, $"R-4: {gone.Id} was removed although the master was not listening for a whole time to live");
        }
    }
}
