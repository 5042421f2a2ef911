using Luminarys.Cluster;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Luminarys.Hosting;

/// <summary>Starts the slave with the application, drains it when the application stops, and stops the application when the slave must stop.</summary>
internal sealed class SlaveHostedService(SlaveNode node, IHostApplicationLifetime lifetime, ILogger<SlaveHostedService> logger)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await node.StartAsync(cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new NodeStartException(fault);
        }

        _ = NodeLifetime.StopWhenFaultedAsync(node.Faulted, lifetime, logger);
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await node.DrainAsync(cancellationToken).ConfigureAwait(false);
}
