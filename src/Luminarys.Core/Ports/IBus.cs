using Luminarys.Invocations;

namespace Luminarys.Ports;

/// <summary>
/// One connection for small messages between nodes: at most once, no memory, no acknowledgement. Everything stronger is made above it.
/// Thread-safe. Messages of one sender arrive in order on one subscription.
/// </summary>
public interface IBus : IAsyncDisposable
{
    /// <summary>Raised after <see cref="Status"/> changed, on a thread of the bus. Handlers must not block.</summary>
    event Action<BusStatus>? StatusChanged;

    /// <summary>State of the connection.</summary>
    BusStatus Status { get; }

    /// <summary>Largest payload in bytes that the server takes.</summary>
    int MaxPayload { get; }

    /// <summary>
    /// Makes the first connection; null when it stands. From then on the bus reconnects by itself, for ever, and restores subscriptions.
    /// </summary>
    ValueTask<BusFault?> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sends a message. <see cref="InvocationError.None"/> means handed to the connection, not delivered; <see cref="InvocationError.BusDown"/>
    /// and <see cref="InvocationError.PayloadTooLarge"/> mean certainly not sent: nothing is buffered for a later connection. So does
    /// <see cref="InvocationError.BadArgument"/>: a subject breaks the rules of <see cref="BusSubject"/>. The payload may be reused when the
    /// task completes.
    /// </summary>
    ValueTask<InvocationError> PublishAsync(
        string subject, string? replyTo, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>
    /// Subscribes to a subject or pattern (<c>*</c> one token, <c>&gt;</c> the rest). The subscription is active when the task completes and ends
    /// when the answer is disposed. While the connection is down the task completes at once, and the subscription is active before
    /// <see cref="BusStatus.Up"/> is announced. The handler is called for one message at a time.
    /// </summary>
    /// <exception cref="ArgumentException">The pattern breaks the rules of <see cref="BusSubject"/>.</exception>
    ValueTask<IAsyncDisposable> SubscribeAsync(
        string pattern, BusOverflow overflow, BusMessageHandler handler, CancellationToken cancellationToken);

    /// <summary>Waits until the server has taken everything sent before; answers false when the connection is down.</summary>
    ValueTask<bool> FlushAsync(CancellationToken cancellationToken);
}
