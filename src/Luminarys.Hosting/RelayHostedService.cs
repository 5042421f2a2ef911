using Luminarys.Ports;
using Microsoft.Extensions.Hosting;

namespace Luminarys.Hosting;

/// <summary>Starts the relay with the application and drains it when the application stops.</summary>
internal sealed class RelayHostedService(IRelayServer relay) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => relay.StartAsync(cancellationToken).AsTask();

    public Task StopAsync(CancellationToken cancellationToken) => relay.DrainAsync(cancellationToken).AsTask();
}
