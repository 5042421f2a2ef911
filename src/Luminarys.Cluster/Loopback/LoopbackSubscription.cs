using Luminarys.Ports;

namespace Luminarys.Cluster.Loopback;

/// <summary>One subscription with its bounded queue. A second stretch of the queue, as long as the first, holds overflow notices.</summary>
internal sealed class LoopbackSubscription : IAsyncDisposable
{
    private readonly BusOverflow _overflow;
    private readonly BusMessageHandler _handler;
    private readonly int _queueLength;
    private readonly SerialQueue<LoopbackDelivery> _queue;
    private volatile bool _isClosed;
    private int _overflowed;

    public LoopbackSubscription(LoopbackBus bus, string pattern, BusOverflow overflow, BusMessageHandler handler, int queueLength)
    {
        Bus = bus;
        Pattern = pattern;
        _overflow = overflow;
        _handler = handler;
        _queueLength = queueLength;
        _queue = new(Handle);
    }

    public LoopbackBus Bus { get; }

    public string Pattern { get; }

    public void Deliver(string subject, string? replyTo, ReadOnlySpan<byte> payload, BusMessageKind kind)
    {
        var delivery = new LoopbackDelivery(subject, replyTo, payload, kind);
        if (_queue.TryEnqueue(delivery, _queueLength)
            || (_overflow == BusOverflow.Notify && _queue.TryEnqueue(delivery.As(BusMessageKind.Overflow), 2 * _queueLength)))
        {
            return;
        }

        delivery.Release();
        if (Interlocked.Exchange(ref _overflowed, 1) == 0)
        {
            Bus.DropAfterOverflow(Pattern, _queueLength);
            ReconnectWhenDrained();
        }
    }

    /// <summary>Begins no further handler call; one that runs may still be finishing.</summary>
    public void Close() => _isClosed = true;

    public ValueTask DisposeAsync()
    {
        Close();
        Bus.Unsubscribe(this);
        ReconnectWhenDrained();
        return ValueTask.CompletedTask;
    }

    private void Handle(LoopbackDelivery delivery)
    {
        try
        {
            if (!_isClosed)
            {
                _handler(delivery.Message);
            }
        }
#pragma warning disable CA1031 // A handler's defect must not end the process or the subscription; it is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Bus.HandlerFailed(Pattern, exception);
        }
        finally
        {
            delivery.Release();
        }

        ReconnectWhenDrained();
    }

    // Reconnecting earlier would overflow at once again.
    private void ReconnectWhenDrained()
    {
        if ((_isClosed || _queue.IsEmpty) && Interlocked.Exchange(ref _overflowed, 0) == 1)
        {
            Bus.RecoverFromOverflow();
        }
    }
}
