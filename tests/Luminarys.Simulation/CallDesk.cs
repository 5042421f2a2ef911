using Luminarys.Cluster.Master;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Registry;

namespace Luminarys.Simulation;

/// <summary>The clients of a master and its real call table.</summary>
internal sealed class CallDesk(Simulation simulation, MasterLink link, PeerTable peers, ProbeDesk probes, InstanceId master)
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15);
    private readonly CallTable _table = new(new(TimeSpan.FromSeconds(2), s_silence));
    private readonly Dictionary<CallId, ClientCall> _clients = [];
    private readonly Dictionary<ClientCall, (TimeSpan Due, InvocationResult Result)> _pausing = [];
    private RegistrySnapshot _registry = RegistrySnapshot.Empty;

    public int Count => _table.Count;

    public ulong DoneUpTo(InstanceId node) => _table.DoneUpTo(node);

    public void NodeLost(InstanceId node) => Apply(_table.NodeLost(node));

    /// <summary>A connection was away: of one process, or of this one.</summary>
    public void AskAgain(InstanceId? node) => Apply(_table.AskAgain(node));

    public void EndAll() => Apply(_table.EndAll(InvocationError.OutcomeUnknown, "another master holds the cluster"));

    public void NoResponders(CallId id) => Apply(_table.NoResponders(id));

    public void Take(Envelope envelope, CallFrame frame) =>
        Apply(_table.Frame(envelope.Source, envelope.Instance, envelope.Id, frame, link.Clock.Now, out _));

    public void Advance()
    {
        Apply(_table.Advance(link.Clock.Now));
        foreach (var (client, pause) in _pausing.Where(pair => pair.Value.Due <= link.Clock.Now).ToList())
        {
            _pausing.Remove(client);
            Repeat(client, pause.Result);
        }

        simulation.History.CheckOverdue(master);
    }

    /// <summary>Lets clients call what the registry lists.</summary>
    public void Issue(RegistrySnapshot registry)
    {
        _registry = registry;
        var scheduler = simulation.Scheduler;
        var entries = registry.Entries.Where(entry => entry.Skill.Id != SkillCatalog.MasterSkill).ToList();
        if (!simulation.IsCalling || entries.Count == 0 || !scheduler.Chance(0.3))
        {
            return;
        }

        var entry = entries[scheduler.Random.Next(entries.Count)];
        if (peers.Find(entry.Node) is { IsSuspect: false } peer)
        {
            var left = TimeSpan.FromMilliseconds(Math.Ceiling(scheduler.Between(0.3, 10).TotalMilliseconds));
            var client = new ClientCall(new(scheduler.NextGuid()), entry.Skill.Id, link.Clock.Now + left, scheduler.Chance(0.3));
            _clients.Add(client.Id, client);
            simulation.History.Issue(client.Id, master, left, client.IsIdempotent);
            Send(client, peer);
            if (scheduler.Chance(0.15))
            {
                scheduler.After(scheduler.Between(0, 0.5), () => simulation.RunOn(master, () => Apply(_table.Cancel(client.Id))));
            }
        }
    }

    private void Send(ClientCall client, Peer peer)
    {
        var (id, now) = (client.Id, link.Clock.Now);
        var left = client.Deadline - now;
        var call = _table.Begin(id, peer, now, client.Deadline)!;
        client.Attempt++;
        var settled = _table.SettledBefore(call);
        var message = new CallMessage
        {
            Number = call.Number,
            Attempt = client.Attempt,
            Done = settled.Done,
            Open = settled.Open,
            Skill = client.Skill,
            Method = "run",
            LeftMs = (long)Math.Ceiling(left.TotalMilliseconds),
        };
        var head = new MessageHead(MessageTypes.Call, id, peer.Instance)
        {
            TtlMs = (uint)message.LeftMs,
            Clock = new(peer.T0, (long)(now - peer.HeardAt).TotalMilliseconds),
        };
        var sending = link.Outbox.SendAsync(
            link.Buses.Traffic, link.Subjects.ToNode(peer.Node, MessageTypes.Call), link.Subjects.Frames(peer.Node, id), head, message, CancellationToken.None).AsTask();
        Violation.Require(sending.IsCompleted, "the simulated bus answers at once");
        Apply(_table.Sent(id, sending.GetAwaiter().GetResult(), link.Clock.Now));
    }

    // As the router does, with a pause that the seed decides.
    private void End(ClientCall client, InvocationResult result)
    {
        simulation.History.EndAttempt(client.Id, client.Attempt, result.Error);
        result = CallRetries.Outcome(ref client.Uncertain, result);
        var pause = simulation.Scheduler.Between(0.001, 0.2);
        if (client.Attempt < CallRetries.Attempts && CallRetries.MayRepeat(result.Error, client.IsIdempotent) && link.Clock.Now + pause < client.Deadline)
        {
            _pausing[client] = (link.Clock.Now + pause, result);
        }
        else
        {
            Answer(client, result);
        }
    }

    private void Repeat(ClientCall client, InvocationResult result)
    {
        var entry = _registry.Find(client.Skill);
        if (entry is not null && link.Clock.Now < client.Deadline && peers.Find(entry.Node) is { IsSuspect: false } peer)
        {
            Send(client, peer);
        }
        else
        {
            Answer(client, result);
        }
    }

    private void Answer(ClientCall client, InvocationResult result)
    {
        _clients.Remove(client.Id);
        simulation.History.Answer(client.Id, result);
    }

    private void Apply(IReadOnlyList<CallAction> actions)
    {
        foreach (var action in actions)
        {
            Apply(action);
        }
    }

    private void Apply(CallAction? action)
    {
        if (action is not { } wanted)
        {
            return;
        }

        var call = wanted.Call;
        switch (wanted.Kind)
        {
            case CallActionKind.Probe:
                Probe(call);
                return;
            case CallActionKind.Query:
                link.Outbox.Post(
                    link.Buses.Control,
                    link.Subjects.ToNode(call.Node, MessageTypes.Query),
                    null,
                    new(MessageTypes.Query, new(simulation.Scheduler.NextGuid()), call.Instance),
                    new QueryMessage([(call.Id, call.Number)]));
                return;
        }

        End(_clients[call.Id], wanted.Result);
        if (wanted.SendsCancel)
        {
            var head = new MessageHead(MessageTypes.Cancel, call.Id, call.Instance);
            link.Outbox.Post(link.Buses.Control, link.Subjects.ToNode(call.Node, MessageTypes.Cancel), null, head, new CancelMessage(call.Number, 1));
        }
    }

    private void Probe(PendingCall call)
    {
        var isOpen = true;
        probes.Ask(new(call.Node, 0, call.Instance, 0), call.Instance, isAlive => Probed(isAlive));

        // A probe that a lost connection cut off says nothing.
        simulation.Scheduler.After(TimeSpan.FromSeconds(1.1), () => simulation.RunOn(master, () => Probed(null)));

        void Probed(bool? isAlive)
        {
            if (isOpen)
            {
                isOpen = false;
                Apply(_table.Probed(call.Instance, isAlive, link.Clock.Now));
            }
        }
    }
}
