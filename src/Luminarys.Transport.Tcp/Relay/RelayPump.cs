using System.Buffers;
using System.Net.Sockets;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>
/// Copies between the two sides of a pair until one of them ends. It reads only when what it read before has been written: back-pressure is that of TCP, and a
/// pair costs one buffer in each direction whatever it carries.
/// </summary>
internal sealed class RelayPump(RelaySide first, RelaySide second, RelayPace pace, RelayDefences defences)
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Copies to the end, tells why it came, and lets what was written before it arrive.</summary>
    public async Task RunAsync(Action<RelayEnd> tell, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(first.Cut, second.Cut, cancellationToken);
        var forth = CopyAsync(first, second, stop.Token);
        var back = CopyAsync(second, first, stop.Token);
        var watch = pace.WatchAsync(stop.Token);
        var ended = await Task.WhenAny(forth, back, watch).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(forth, back, watch).ConfigureAwait(false);
        var end = await ended.ConfigureAwait(false);
        tell(end);
        if (end == RelayEnd.Closed)
        {
            await (ended == forth ? second : first).EndAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<RelayEnd> CopyAsync(RelaySide from, RelaySide to, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var count = await from.Stream.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    return RelayEnd.Closed;
                }

                if (!pace.TryCharge(count))
                {
                    return RelayEnd.OverBudget;
                }

                CrashPoints.Pass("relay-part-read");
                pace.BeginWrite(to.Ticket.Role);
                if (defences.WaitsForReaders)
                {
                    await to.Stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    _ = to.Stream.WriteAsync(buffer.AsSpan(0, count).ToArray(), cancellationToken).AsTask();
                }

                CrashPoints.Pass("relay-part-written");
                pace.EndWrite(to.Ticket.Role, count);
                await pace.WaitAsync(count, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            return RelayEnd.Broken;
        }
        catch (OperationCanceledException)
        {
            return RelayEnd.Cut;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
