using Luminarys.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Luminarys.Hosting;

/// <summary>
/// The relay inside a master: starts with the application and drains when it stops. A port that is taken costs the cluster its transfers, not its calls.
/// </summary>
internal sealed class EmbeddedRelayService(IRelayServer relay, ILogger<EmbeddedRelayService> logger) : IHostedService
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await relay.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            Log.RelayNotStarted(logger, exception);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Transfers of other nodes are resumed over the next relay; the master does not stay for them.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_farewell);
        await relay.DrainAsync(limit.Token).ConfigureAwait(false);
    }
}
