using Luminarys.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Luminarys.Hosting;

/// <summary>Starts the slave with the application, drains it when the application stops, and stops the application when the slave must stop.</summary>
/// <remarks>It asks for the node at the start and not before, so that all invalid options of an application come in one report.</remarks>
internal sealed class SlaveHostedService(IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<SlaveHostedService> logger)
    : IHostedService
{
    private SlaveNode? _node;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _node = services.GetRequiredService<SlaveNode>();
        if (await _node.StartAsync(cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new NodeStartException(fault);
        }

        _ = NodeLifetime.StopWhenFaultedAsync(_node.Faulted, lifetime, logger);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_node is not null)
        {
            await _node.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
