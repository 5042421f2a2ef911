using System.Buffers;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>
/// Writes, and reads what comes back: until the peer closes, enough has come, nothing new has come for half a second after something did, or time is up. What
/// has come by then is the answer; nothing at all by the end of the time is a failure.
/// </summary>
internal sealed class TcpExchange(Stream stream, TimeProvider time)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(500);

    private readonly ArrayBufferWriter<byte> _received = new();

    /// <summary>What came back; null when the time passed before anything did.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> RunAsync(ReadOnlyMemory<byte> data, int maxBytes, CancellationToken cancellationToken)
    {
        // A peer that answers while it reads would wait for us to read while we wait for it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(data, stop.Token);
        try
        {
            await ReadAsync(writing, maxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return _received.WrittenCount > 0 ? Taken : null;
        }
        catch (Exception exception) when (NetworkFault.Is(exception) && _received.WrittenCount > 0)
        {
            return Taken;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Taken;
    }

    private ReadOnlyMemory<byte> Taken => _received.WrittenMemory;

    private async Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.Length > 0)
        {
            await stream.WriteAsync(data, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReadAsync(Task writing, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(maxBytes, 64 * 1024)];
        while (_received.WrittenCount < maxBytes)
        {
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = _received.WrittenCount > 0 && writing.IsCompleted
                ? time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), quiet, s_quiet, Timeout.InfiniteTimeSpan)
                : null;
            var wanted = Math.Min(buffer.Length, maxBytes - _received.WrittenCount);
            var read = await stream.ReadAsync(buffer.AsMemory(0, wanted), quiet.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            _received.Write(buffer.AsSpan(0, read));
        }
    }
}
