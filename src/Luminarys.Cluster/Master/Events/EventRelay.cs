using System.Collections.Concurrent;
using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master.Events;

/// <summary>
/// Carries events between nodes: from a node to the listeners here and to every other node, from the skills here to every node. A node speaks for the
/// skills that it has registered, and for no other. Thread-safe.
/// </summary>
internal sealed class EventRelay : IEventCarrier, IAsyncDisposable
{
    private const int MaxBudgets = 2048;

    private readonly MasterLink _link;
    private readonly NodeIdentity _self;
    private readonly Func<RegistryCopy> _members;
    private readonly SkillEventHub _hub;
    private readonly ClusterDefences _defences;
    private readonly EventQueue _queue;
    private readonly ConcurrentDictionary<NodeId, EventBudget> _budgets = new();

    public EventRelay(MasterLink link, NodeIdentity self, Func<RegistryCopy> members, SkillEventHub hub, ILogger logger, ClusterDefences defences)
    {
        (_link, _self, _members, _hub, _defences) = (link, self, members, hub, defences);
        _queue = new(SendAsync, link.Clock.Time, logger);
    }

    /// <inheritdoc/>
    public void Carry(SkillEvent skillEvent)
    {
        var message = new EventMessage(skillEvent);
        if (!message.Fits(_link.Buses.Traffic.MaxPayload))
        {
            EventQueue.Drop("size");
        }
        else if (TryPay(_self.Node, message))
        {
            _queue.Post(message, _self.Node);
        }
    }

    /// <summary>Takes an event of a node. Called by the bus, in order.</summary>
    public void OnEvent(in BusMessage message)
    {
        if (message.Kind == BusMessageKind.Overflow)
        {
            EventQueue.Drop("queue");
            return;
        }

        if (!_link.Inbox.TryOpen(message, out var received))
        {
            return;
        }

        var envelope = received.Envelope;
        if (received.IsVersionUnsupported || !envelope.TryRead<EventMessage>(out var told))
        {
            _link.Inbox.Drop("body", message.Subject);
        }
        else if (_members().FindSender(Sender.Of(envelope), _self.Epoch) is not { } node)
        {
            _link.Inbox.Drop("stranger", message.Subject);
        }
        else if (TryPay(node.Id, told))
        {
            if (_defences.CallerOwnership && !node.Has(told.Event.Source))
            {
                _link.Inbox.Drop("caller", message.Subject);
                return;
            }

            _queue.Post(told, node.Id);
            _hub.Emit(told.Event);
        }
    }

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    // A flood costs the others nothing: it ends here, before anything is looked up or copied for them.
    private bool TryPay(NodeId node, EventMessage message)
    {
        if (_budgets.Count > MaxBudgets)
        {
            _budgets.Clear();
        }

        if (!_defences.EventRates || _budgets.GetOrAdd(node, _ => new EventBudget(2)).TryTake(message.Size, _link.Clock.Now))
        {
            return true;
        }

        EventQueue.Drop("rate");
        return false;
    }

    // To every node that is there now: who listens to what is known to the nodes alone, and so cannot be out of date here.
    private async ValueTask SendAsync(EventMessage message, NodeId from)
    {
        foreach (var node in _members().Nodes)
        {
            if (node.Role == NodeRole.Master || node.Id == from)
            {
                continue;
            }

            var head = new MessageHead(MessageTypes.Event, CallId.New(_link.Clock.Time), node.Instance);
            var subject = _link.Subjects.ToNode(node.Id, MessageTypes.Event);
            if (await _link.Outbox.SendAsync(_link.Buses.Traffic, subject, null, head, message, CancellationToken.None).ConfigureAwait(false) != InvocationError.None)
            {
                EventQueue.Drop("bus");
            }
        }
    }
}
