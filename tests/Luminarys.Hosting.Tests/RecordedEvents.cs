using System.Collections.Concurrent;
using Luminarys.Events;
using Luminarys.Ports;

namespace Luminarys.Hosting;

internal sealed class RecordedEvents : IEventPublisher
{
    public ConcurrentQueue<IDomainEvent> All { get; } = new();

    public ValueTask PublishAsync(IDomainEvent domainEvent, CancellationToken cancellationToken)
    {
        All.Enqueue(domainEvent);
        return ValueTask.CompletedTask;
    }
}
