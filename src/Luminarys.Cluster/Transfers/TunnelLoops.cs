using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>What both ends of a tunnel do all the time.</summary>
internal static class TunnelLoops
{
    /// <summary>How long the last words may take.</summary>
    public static readonly TimeSpan FarewellWait = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    /// <summary>Lets time pass, until it is stopped.</summary>
    public static async Task TickAsync(TimeProvider time, Action tick, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                tick();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Opens frames that hold messages, until the stream ends or it is stopped.</summary>
    public static async Task ListenAsync(
        Stream stream, TunnelSeal seal, int largest, Action<TunnelMessage> hear, Action<TransferFault> lose, CancellationToken stop)
    {
        var frame = new TunnelFrame(largest);
        try
        {
            while (await frame.ReadAsync(stream, stop).ConfigureAwait(false))
            {
                if (!seal.TryOpen(frame))
                {
                    lose(TransferFault.Corrupt);
                    return;
                }

                if (!TunnelCodec.TryRead(frame.Type, frame.Body.Span, out var message))
                {
                    lose(TransferFault.Protocol);
                    return;
                }

                hear(message);
            }

            lose(TransferFault.PeerLost);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            lose(TransferFault.PeerLost);
        }
    }
}
