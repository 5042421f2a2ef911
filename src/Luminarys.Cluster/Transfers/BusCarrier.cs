using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Transfers;

/// <summary>
/// Carries a tunnel over the bus when an end cannot reach the relay. That end asks the other one, which listens from the beginning and then leaves the relay
/// too. Thread-safe.
/// </summary>
/// <param name="bus">The bus.</param>
/// <param name="subjects">Its subjects.</param>
/// <param name="self">This node.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed class BusCarrier(IBus bus, Subjects subjects, NodeId self, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromSeconds(1);

    /// <summary>Opens a channel through the relay, or over the bus when either end cannot reach the relay.</summary>
    public async ValueTask<RelayChannel> OpenAsync(IRelay relay, TransferTicket ticket, NodeId peer, CancellationToken cancellationToken)
    {
        var stream = new BusStream(bus, subjects.Tunnel(self, peer, ticket.Transfer), ticket.Attempt);
        var keeps = false;
        try
        {
            await stream.ListenAsync(subjects.Tunnel(peer, self, ticket.Transfer), cancellationToken).ConfigureAwait(false);
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var joining = relay.OpenAsync(ticket, leave.Token).AsTask();
            await Task.WhenAny(joining, stream.Met).ConfigureAwait(false);
            await (joining.IsCompleted ? Task.CompletedTask : leave.CancelAsync()).ConfigureAwait(false);
            var channel = await OutcomeOfAsync(joining, cancellationToken).ConfigureAwait(false);
            if (channel.Stream is not null || channel.Fault != RelayFault.Unreachable || !await MeetAsync(stream, ticket, cancellationToken).ConfigureAwait(false))
            {
                return channel;
            }

            keeps = true;
            Log.TransferTookBus(logger, ticket.Transfer.ToString("x32", null), peer);
            return stream;
        }
        finally
        {
            if (!keeps)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // An end that was called away from the relay has not reached it.
    private static async Task<RelayChannel> OutcomeOfAsync(Task<RelayChannel> joining, CancellationToken cancellationToken)
    {
        try
        {
            return await joining.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return RelayFault.Unreachable;
        }
    }

    private async Task<bool> MeetAsync(BusStream stream, TransferTicket ticket, CancellationToken cancellationToken)
    {
        while (!stream.Met.IsCompleted)
        {
            if (time.GetUtcNow() >= ticket.NotAfter)
            {
                return false;
            }

            await stream.AskAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(stream.Met, Task.Delay(s_askEvery, time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return true;
    }
}
