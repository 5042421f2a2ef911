using Luminarys.Events;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Hosting;

/// <summary>Hands each event to the application's handlers, one after another.</summary>
internal sealed class InProcessEventPublisher(IEnumerable<EventSubscription> subscriptions, ILogger<InProcessEventPublisher> logger)
    : IEventPublisher
{
    private readonly EventSubscription[] _subscriptions = [.. subscriptions];

    public async ValueTask PublishAsync(IDomainEvent domainEvent, CancellationToken cancellationToken)
    {
        foreach (var subscription in _subscriptions)
        {
            try
            {
                await subscription.HandleAsync(domainEvent, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The handler is the application's: its failure must not fail the cluster.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                Log.EventHandlerFailed(logger, exception, domainEvent.GetType().Name);
            }
        }
    }
}
