using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;

namespace Luminarys.Simulation;

/// <summary>A slave's process: the real session and admission of calls, driven by the simulation in place of event loop and bus.</summary>
internal sealed class SimulatedSlave : SimulatedProcess
{
    private const int Places = 4;
    private readonly SimulatedDisk _disk;
    private readonly SlaveSession _session;
    private readonly CallAdmission _admission;
    private readonly BroadcastOrder _order = new();
    private readonly Dictionary<CallId, ulong> _running = [];
    private SkillList _skills;
    private ulong _highestEpoch;
    private RegistryVersion _version;

    public SimulatedSlave(Simulation simulation, NodeId node, SimulatedDisk disk, SimulatedTime time)
        : base(simulation, node, NodeRole.Slave, time)
    {
        _disk = disk;
        Identity.Incarnation = disk.NextIncarnation(time);
        _skills = simulation.Skills.Next(node);
        var dice = new SessionDice(Scheduler.Random.NextDouble, () => new(Scheduler.NextGuid()));
        var pageSize = Scheduler.Chance(0.5) ? 400 : 64 * 1024;
        var settings = new SessionSettings(simulation.Interval, simulation.Ttl, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60), pageSize);
        _session = new(settings, _skills, Identity.Incarnation, dice, simulation.Defences);
        _admission = new(simulation.Defences);
        Start();
        Later(TimeSpan.Zero, BusChanged);
    }

    public SessionState State => _session.State;

    public RegistryCopy Registry => _session.Registry;

    public SkillList Skills => _skills;

    public ulong Incarnation => Identity.Incarnation;

    public override void BusChanged()
    {
        _session.BusChanged(Buses.AreUp, Clock.Now);
        Act();
    }

    public override void Take(BusMessage message)
    {
        if (!Inbox.TryOpen(message, out var received))
        {
            return;
        }

        var now = Clock.Now;
        if (received.IsNoResponders)
        {
            _session.Answered(received.Address.Answers!.Value, default, null, now);
            _session.SnapshotAnswered(received.Address.Answers!.Value, default, null, now);
        }
        else if (received.Address.Area == 'b')
        {
            TakeBroadcast(received, now);
        }
        else if (received.Envelope.Type == MessageTypes.Call && received.Address.Answers is null)
        {
            TakeCall(received.Envelope);
        }
        else if (received.Envelope.ToInstance == Instance)
        {
            TakeControl(received, now);
        }

        Act();
    }

    /// <summary>Offers other skills from now on.</summary>
    public void ChangeSkills()
    {
        _skills = Simulation.Skills.Next(Node);
        _session.Offer(_skills, Clock.Now);
        Act();
    }

    /// <summary>Stops as on a signal: drains, leaves, ends.</summary>
    public void Stop()
    {
        _session.Drain(Clock.Now);
        Act();
        Later(
            Scheduler.Between(0.5, 3),
            () =>
            {
                _session.Leave(Clock.Now);
                Act();
                Crash();
            });
    }

    /// <summary>Whatever happens, nothing older may have changed the node.</summary>
    public void Check()
    {
        Violation.Require(_session.HighestEpoch >= _highestEpoch, $"R-2: {Node} went back to an older epoch");
        Violation.Require(_session.Registry.Version >= _version, $"R-2: {Node} went back to an older registry");
        if (_session.Registry.Version != _version)
        {
            Simulation.Registries.Check(Node, _session.Registry);
        }

        (_highestEpoch, _version) = (_session.HighestEpoch, _session.Registry.Version);
    }

    protected override void Tick()
    {
        _session.Load = (_running.Count, Places - _running.Count);
        _session.Tick(Clock.Now);
        Act();
    }

    private void TakeBroadcast(in Received received, TimeSpan now)
    {
        if (!_order.IsNew(received))
        {
            return;
        }

        var master = Sender.Of(received.Envelope);
        if (received.Envelope.Type == MessageTypes.Beacon && received.Envelope.TryRead<BeaconMessage>(out var beacon))
        {
            _session.BeaconSeen(master, beacon, now);
        }
        else if (received.Envelope.Type == MessageTypes.Delta && received.Envelope.TryRead<DeltaMessage>(out var delta))
        {
            _session.DeltaSeen(master, delta, now);
        }
    }

    private void TakeControl(in Received received, TimeSpan now)
    {
        var envelope = received.Envelope;
        var master = Sender.Of(envelope);
        switch (envelope.Type)
        {
            case MessageTypes.Ping:
                AnswerMaster(envelope);
                break;
            case MessageTypes.Sync when received.Address.Answers is null:
                if (_session.SyncAsked(master, now))
                {
                    AnswerMaster(envelope);
                }

                break;
            case MessageTypes.Cancel: TakeCancel(envelope, master); break;
            case MessageTypes.Query: TakeQuery(envelope, master); break;
            case MessageTypes.Snapshot when envelope.TryRead<SnapshotMessage>(out var page):
                _session.SnapshotAnswered(envelope.Id, master, page, now);
                break;
            default:
                if (envelope.TryRead<AnswerMessage>(out var answer))
                {
                    if (answer.Done is { } done && _session.Gate.MayCancel(master))
                    {
                        _admission.Settle(master, SettledNumbers.UpTo(done));
                    }

                    _session.Answered(envelope.Id, master, answer, now);
                }

                break;
        }
    }

    private void TakeCancel(Envelope envelope, Sender master)
    {
        if (envelope.TryRead<CancelMessage>(out var cancel) && _session.Gate.MayCancel(master))
        {
            _admission.Bury(master, cancel.Number);
            if (!_running.ContainsKey(envelope.Id))
            {
                Simulation.History.Cancel(envelope.Id, cancel.Number, Instance);
            }
        }
    }

    private void TakeQuery(Envelope envelope, Sender master)
    {
        if (!envelope.TryRead<QueryMessage>(out var query) || !_session.Gate.MayCancel(master))
        {
            return;
        }

        foreach (var (id, number) in query.Calls)
        {
            Frame(id, _admission.Tell(master, id, number, _running.TryGetValue(id, out var running) && running == number));
        }
    }

    private void TakeCall(Envelope envelope)
    {
        if (!envelope.TryRead<CallMessage>(out var call))
        {
            return;
        }

        var master = Sender.Of(envelope);
        if (envelope.ToInstance != Instance)
        {
            Frame(envelope.Id, new(CallFrameKind.Reject, call.Number) { Code = InvocationError.WrongInstance });
            return;
        }

        if (_running.ContainsKey(envelope.Id) || !_admission.TrySpend(master, call.Number))
        {
            return;
        }

        _admission.Settle(master, call.Settled);
        var refusal = _admission.Refusal(_session.Gate, master, envelope.Clock, envelope.TtlMs, Clock.Now);
        refusal = refusal == InvocationError.None && (_running.Count >= Places || !_admission.HasRoom(_running.Count)) ? InvocationError.Busy : refusal;
        if (refusal != InvocationError.None)
        {
            Last(master.Instance, envelope.Id, new(CallFrameKind.Reject, call.Number) { Code = refusal });
            return;
        }

        Simulation.History.Begin(envelope.Id, call, Instance, master.Instance, master.Epoch, _session.Gate.IsFrom(master));
        Execute(master.Instance, envelope.Id, call.Number);
    }

    private void Execute(InstanceId master, CallId id, ulong number)
    {
        _running.Add(id, number);
        Later(TimeSpan.FromMilliseconds(200), () => Report(id, number, CallFrameKind.Ack));
        Later(
            Scheduler.Chance(0.7) ? Scheduler.Between(0, 0.3) : Scheduler.Between(0, 8),
            () =>
            {
                _running.Remove(id);
                Last(master, id, new(CallFrameKind.Result, number) { Payload = new byte[] { 1 } });
            });
    }

    private void Report(CallId id, ulong number, CallFrameKind kind)
    {
        if (_running.ContainsKey(id))
        {
            Frame(id, new(kind, number));
            Later(TimeSpan.FromSeconds(5), () => Report(id, number, CallFrameKind.Progress));
        }
    }

    private void Last(InstanceId master, CallId id, CallFrame frame)
    {
        _admission.Keep(master, id, frame);
        Frame(id, frame);
    }

    private void Frame(CallId id, CallFrame frame) =>
        Outbox.Post(Buses.Traffic, Outbox.Subjects.Frames(Node, id), null, new(MessageTypes.Frame, id), frame);

    private void AnswerMaster(Envelope request) => Outbox.Post(
        Buses.Control, Outbox.Subjects.AnswerToMaster(Node, request.Id), null, new(request.Type, request.Id), AnswerMessage.Ok);

    private void Act()
    {
        Identity.Epoch = _session.HighestEpoch;
        while (_session.TryTakeAction(out var action))
        {
            switch (action)
            {
                case SessionAction.KeepIncarnation keep:
                    _disk.Number = keep.Incarnation;
                    Identity.Incarnation = keep.Incarnation;
                    break;
                case SessionAction.Send send: Send(send); break;
                case SessionAction.Fail:
                    Crash();
                    return;
            }
        }
    }

    private void Send(SessionAction.Send send)
    {
        switch (send.Body)
        {
            case HelloMessage body: Send(send, body); break;
            case RegisterMessage body: Send(send, body); break;
            case HeartbeatMessage body: Send(send, body); break;
            case SnapshotRequest body: Send(send, body); break;
            case DeregisterMessage body: Send(send, body); break;
            case AnswerMessage body: Send(send, body); break;
        }
    }

    private void Send<T>(SessionAction.Send send, T body)
        where T : IWireBody<T> => Outbox.Post(
            Buses.Control,
            Outbox.Subjects.ToMaster(Node, send.Type),
            send.Type == MessageTypes.Epoch ? null : Outbox.Subjects.AnswerToNode(Node, send.Id),
            new(send.Type, send.Id, send.To),
            body);
}
