using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Transport.Nats;

/// <summary>Registers the bus on NATS.</summary>
public static class NatsTransportServiceCollectionExtensions
{
    /// <summary>
    /// Adds the two connections of a node as <see cref="IBus"/> with the keys <see cref="BusLane.Control"/> and <see cref="BusLane.Traffic"/>.
    /// Logging must be registered; a registered <see cref="TimeProvider"/> is used.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; mistakes are reported at start, all at once.</param>
    public static IServiceCollection AddNatsBus(this IServiceCollection services, Action<NatsTransportOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<NatsTransportOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NatsTransportOptions>, NatsTransportOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton<IBus>(BusLane.Control, Create);
        services.TryAddKeyedSingleton<IBus>(BusLane.Traffic, Create);
        return services;
    }

    private static NatsBus Create(IServiceProvider services, object? lane) => new(
        services.GetRequiredService<IOptions<NatsTransportOptions>>().Value,
        (BusLane)lane!,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<NatsBus>>());
}
