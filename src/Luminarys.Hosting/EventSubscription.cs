using Luminarys.Events;

namespace Luminarys.Hosting;

/// <summary>A handler of the application for domain events.</summary>
internal sealed record EventSubscription(Func<IDomainEvent, CancellationToken, ValueTask> HandleAsync);
