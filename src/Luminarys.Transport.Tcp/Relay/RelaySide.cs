using System.Net.Sockets;
using Luminarys.Transfers;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>A connection that has proved its ticket. Owns socket and stream.</summary>
internal sealed class RelaySide(Socket socket, Stream stream, RelayTicket ticket) : IAsyncDisposable
{
    private const int MaxUnread = 1024 * 1024;
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<RelaySide?> _peer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cut = new();
    private int _isClosed;

    /// <summary>What it may do.</summary>
    public RelayTicket Ticket { get; } = ticket;

    /// <summary>Its bytes.</summary>
    public Stream Stream { get; } = stream;

    /// <summary>The other side once there is one; null when this side was replaced, or the relay stops.</summary>
    public Task<RelaySide?> Peer => _peer.Task;

    /// <summary>Fires when the pair must end at once.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>Whether the client has left, or has sent something before it was paired.</summary>
    public bool HasLeft => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    /// <summary>Joins two sides; answers false when this one has been replaced meanwhile.</summary>
    public bool TryPair(RelaySide other) => _peer.TrySetResult(other);

    /// <summary>
    /// Waits until both sides have been told of each other. The source's task carries the pair, the sink's waits for its end.
    /// </summary>
    public async Task MeetAsync(RelaySide peer, Func<Task> carry)
    {
        _isTold.TrySetResult();
        if (Ticket.Role == TransferRole.Source)
        {
            await peer._isTold.Task.WaitAsync(peer.Cut).ConfigureAwait(false);
            try
            {
                await carry().ConfigureAwait(false);
            }
            finally
            {
                _isOver.TrySetResult();
            }
        }
        else
        {
            await peer._isOver.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Waits no longer. A peer that came in the same moment stays.</summary>
    public void GiveUp() => _peer.TrySetResult(null);

    /// <summary>Ends the wait, or the pair.</summary>
    public void Replace()
    {
        _peer.TrySetResult(null);
        _isOver.TrySetResult();
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>
    /// Says that nothing more will come and waits until the other end has closed too: closing with unread bytes would reset the connection, and what was
    /// written before would be lost.
    /// </summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_endLimit);
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            var unread = new byte[4096];
            var left = MaxUnread;
            for (var count = 1; count > 0 && left > 0; left -= count)
            {
                count = await socket.ReceiveAsync(unread, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other end is gone, or too slow to be waited for: both are an end.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            await Stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            _cut.Dispose();
        }
    }
}
