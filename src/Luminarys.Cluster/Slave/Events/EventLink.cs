using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Slave.Events;

/// <summary>A slave's road for events: those of its skills to the master, those of others to its listeners. Thread-safe.</summary>
internal sealed class EventLink : IEventCarrier, IAsyncDisposable
{
    private readonly SlaveLink _link;
    private readonly Func<ServingGate> _gate;
    private readonly SkillEventHub _hub;
    private readonly EventBudget _budget = new(1);
    private readonly EventQueue _queue;

    public EventLink(SlaveLink link, Func<ServingGate> gate, SkillEventHub hub, ILogger logger)
    {
        (_link, _gate, _hub) = (link, gate, hub);
        _queue = new(SendAsync, link.Clock.Time, logger);
    }

    /// <inheritdoc/>
    public void Carry(SkillEvent skillEvent)
    {
        var message = new EventMessage(skillEvent);
        if (!_gate().HasMaster(_link.Clock.Now))
        {
            // Without a master nobody is there to hear it, and later is too late.
            EventQueue.Drop("master");
        }
        else if (!message.Fits(_link.Buses.Traffic.MaxPayload))
        {
            EventQueue.Drop("size");
        }
        else if (!_budget.TryTake(message.Size, _link.Clock.Now))
        {
            EventQueue.Drop("rate");
        }
        else
        {
            _queue.Post(message, _link.Identity.Node);
        }
    }

    /// <summary>Takes an event of another node. Called by the bus, in order.</summary>
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
        else if (!_link.IsForUs(envelope) || !_gate().IsFrom(Sender.Of(envelope)))
        {
            _link.Inbox.Drop("stranger", message.Subject);
        }
        else
        {
            _hub.Emit(told.Event);
        }
    }

    /// <summary>Takes no more, and sends what waits.</summary>
    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private async ValueTask SendAsync(EventMessage message, NodeId from)
    {
        var head = new MessageHead(MessageTypes.Event, CallId.New(_link.Clock.Time));
        var subject = _link.Subjects.ToMaster(from, MessageTypes.Event);
        if (await _link.Outbox.SendAsync(_link.Buses.Traffic, subject, null, head, message, CancellationToken.None).ConfigureAwait(false) != InvocationError.None)
        {
            EventQueue.Drop("bus");
        }
    }
}
