using System.Buffers;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Loopback;

/// <summary>
/// The in-process counterpart of a bus server. The nodes of one process share one hub, each with connections (<see cref="LoopbackBus"/>) of its
/// own. It behaves as core NATS does: at most once, to everyone who listens now, the sender included. Thread-safe.
/// </summary>
public sealed class LoopbackHub
{
    internal const int MaxPayload = 1024 * 1024;

    private readonly Lock _gate = new();
    private volatile LoopbackRoutes _routes = LoopbackRoutes.Empty;

    /// <summary>Creates a hub that logs nothing.</summary>
    public LoopbackHub()
        : this(NullLoggerFactory.Instance)
    {
    }

    /// <summary>Creates a hub.</summary>
    /// <param name="loggerFactory">Takes what goes wrong in handlers.</param>
    public LoopbackHub(ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        Logger = loggerFactory.CreateLogger<LoopbackHub>();
    }

    /// <summary>The relay of the nodes that share the hub.</summary>
    public IRelay Relay { get; } = new LoopbackRelay(TimeProvider.System);

    internal ILogger Logger { get; }

    internal void Publish(LoopbackBus sender, string subject, string? replyTo, ReadOnlyMemory<byte> payload)
    {
        var routes = _routes;
        var bytes = new ReadOnlySequence<byte>(payload);
        var isHeard = false;
        foreach (var subscription in routes.At(subject))
        {
            subscription.Deliver(subject, replyTo, bytes, BusMessageKind.Data);
            isHeard = true;
        }

        foreach (var subscription in routes.Patterns)
        {
            if (LoopbackRoutes.Matches(subscription.Pattern, subject))
            {
                subscription.Deliver(subject, replyTo, bytes, BusMessageKind.Data);
                isHeard = true;
            }
        }

        if (!isHeard && replyTo is not null)
        {
            NotifyNoResponders(routes, sender, replyTo);
        }
    }

    internal void Attach(IEnumerable<LoopbackSubscription> subscriptions)
    {
        lock (_gate)
        {
            _routes = subscriptions.Aggregate(_routes, (routes, subscription) => routes.With(subscription));
        }
    }

    internal void Detach(IEnumerable<LoopbackSubscription> subscriptions)
    {
        lock (_gate)
        {
            _routes = subscriptions.Aggregate(_routes, (routes, subscription) => routes.Without(subscription));
        }
    }

    /// <summary>Cuts a connection until <see cref="Reconnect"/>, as a broken network would.</summary>
    internal static void Disconnect(LoopbackBus bus) => bus.SetCut(true);

    /// <summary>Lets a cut connection stand again.</summary>
    internal static void Reconnect(LoopbackBus bus) => bus.SetCut(false);

    // As the real server does: the notice goes to one subscription of the sender itself, and to nobody else.
    private static void NotifyNoResponders(LoopbackRoutes routes, LoopbackBus sender, string replyTo)
    {
        foreach (var subscription in routes.At(replyTo))
        {
            if (subscription.Bus == sender)
            {
                subscription.Deliver(replyTo, null, ReadOnlySequence<byte>.Empty, BusMessageKind.NoResponders);
                return;
            }
        }

        foreach (var subscription in routes.Patterns)
        {
            if (subscription.Bus == sender && LoopbackRoutes.Matches(subscription.Pattern, replyTo))
            {
                subscription.Deliver(replyTo, null, ReadOnlySequence<byte>.Empty, BusMessageKind.NoResponders);
                return;
            }
        }
    }
}
