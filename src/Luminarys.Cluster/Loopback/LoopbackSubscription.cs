using System.Buffers;
using Luminarys.Ports;

namespace Luminarys.Cluster.Loopback;

/// <summary>One subscription of one connection.</summary>
internal sealed class LoopbackSubscription : IAsyncDisposable
{
    private readonly BusInbox _inbox;
    private int _isOverflowing;

    public LoopbackSubscription(LoopbackBus bus, string pattern, BusInbox inbox)
    {
        (Bus, Pattern, _inbox) = (bus, pattern, inbox);
        _inbox.HandlerFailed += exception => bus.HandlerFailed(pattern, exception);
        _inbox.Drained += EndOverflow;
    }

    public LoopbackBus Bus { get; }

    public string Pattern { get; }

    public void Deliver(string subject, string? replyTo, in ReadOnlySequence<byte> payload, BusMessageKind kind)
    {
        if (_inbox.TryDeliver(subject, replyTo, payload, kind) || Interlocked.Exchange(ref _isOverflowing, 1) == 1)
        {
            return;
        }

        Bus.DropAfterOverflow(Pattern);
        if (_inbox.IsEmpty)
        {
            EndOverflow();
        }
    }

    public void Close() => _inbox.Close();

    public ValueTask DisposeAsync()
    {
        Close();
        Bus.Unsubscribe(this);
        EndOverflow();
        return ValueTask.CompletedTask;
    }

    // The connection comes back when the queue is empty: earlier, it would overflow at once again.
    private void EndOverflow()
    {
        if (Interlocked.Exchange(ref _isOverflowing, 0) == 1)
        {
            Bus.RecoverFromOverflow();
        }
    }
}
