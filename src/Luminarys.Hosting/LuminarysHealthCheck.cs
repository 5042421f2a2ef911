using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Luminarys.Hosting;

/// <summary>Healthy while both bus connections stand.</summary>
internal sealed class LuminarysHealthCheck(
    [FromKeyedServices(BusLane.Control)] IBus control,
    [FromKeyedServices(BusLane.Traffic)] IBus traffic) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(control.Status == BusStatus.Up && traffic.Status == BusStatus.Up
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The bus is not connected."));
}
