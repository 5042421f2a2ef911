using Luminarys.Events;

namespace Luminarys.Ports;

/// <summary>Tells the embedding application what happened. Implementations are thread-safe.</summary>
public interface IEventPublisher
{
    /// <summary>Publishes one event. A failing subscriber does not fail the publisher.</summary>
    ValueTask PublishAsync(IDomainEvent domainEvent, CancellationToken cancellationToken);
}
