using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Loopback;

/// <summary>
/// The relay of nodes that live in one process and share this object. It pairs the two tickets of an attempt; a ticket opens once, whatever came
/// of it. Thread-safe.
/// </summary>
/// <param name="time">Decides when tickets expire.</param>
public sealed class LoopbackRelay(TimeProvider time) : IRelay
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(UInt128 Transfer, uint Attempt, TransferRole Role), DateTimeOffset> _used = [];
    private readonly Dictionary<(UInt128 Transfer, uint Attempt), TaskCompletionSource<Stream>> _waiting = [];

    /// <inheritdoc/>
    public async ValueTask<RelayChannel> OpenAsync(TransferTicket ticket, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!TryUse(ticket))
            {
                return RelayFault.Refused;
            }

            if (_waiting.Remove((ticket.Transfer, ticket.Attempt), out var peer))
            {
                var (own, other) = LoopbackRelayStream.CreatePair();
                peer.SetResult(other);
                return own;
            }

            _waiting.Add((ticket.Transfer, ticket.Attempt), waiter);
        }

        return await WaitForPeerAsync(ticket, waiter, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<RelayChannel> WaitForPeerAsync(
        TransferTicket ticket, TaskCompletionSource<Stream> waiter, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.Task.WaitAsync(ticket.NotAfter - time.GetUtcNow(), time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            if (Leave(ticket, waiter))
            {
                cancellationToken.ThrowIfCancellationRequested();
                return RelayFault.NoPeer;
            }

            // The peer came in the same moment.
            return await waiter.Task.ConfigureAwait(false);
        }
    }

    private bool Leave(TransferTicket ticket, TaskCompletionSource<Stream> waiter)
    {
        lock (_gate)
        {
            return !waiter.Task.IsCompleted && _waiting.Remove((ticket.Transfer, ticket.Attempt));
        }
    }

    // Under the gate. Used tickets are remembered until they would have expired; the two roles of an attempt are the two keys of one channel.
    private bool TryUse(TransferTicket ticket)
    {
        var now = time.GetUtcNow();
        foreach (var (key, notAfter) in _used)
        {
            if (notAfter <= now)
            {
                _used.Remove(key);
            }
        }

        return ticket.NotAfter > now && _used.TryAdd((ticket.Transfer, ticket.Attempt, ticket.Role), ticket.NotAfter);
    }
}
