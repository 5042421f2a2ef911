using Luminarys.Ports;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp.Relay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Transport.Tcp;

/// <summary>Registers the two ends of the relay over TCP.</summary>
public static class TcpTransportServiceCollectionExtensions
{
    /// <summary>Adds an <see cref="IRelayServer"/>. Logging and <see cref="RelayKeys"/> must be registered. Whoever hosts it starts and drains it.</summary>
    public static IServiceCollection AddTcpRelayServer(this IServiceCollection services, Action<RelayServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<RelayServerOptions>().Configure(configure).Validate(
            options => options.ListenPort is >= 0 and < 65536 && options.MaxPairs > 0 && options.MaxWaiting > 0 && options.MaxPerNode > 0
                && options.MaxHandshakes > 0 && options.HandshakesPerSecond > 0 && options.HandshakeBurst > 0 && options.HandshakeTimeout > TimeSpan.Zero
                && options.PairingTimeout > TimeSpan.Zero && options.IdleTimeout > TimeSpan.Zero && options.MaxBytesPerSecond >= 0 && options.MaxBytesPerSecondPerNode >= 0,
            "The relay's port is 0 to 65535, its limits and times are above 0, its rates are not negative.").ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRelayServer, RelayServer>();
        return services;
    }

    /// <summary>Adds the <see cref="IRelay"/> that dials relays over TCP.</summary>
    public static IServiceCollection AddTcpRelay(this IServiceCollection services, Action<RelayClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<RelayClientOptions>().Configure(configure)
            .Validate(options => options.ConnectTimeout > TimeSpan.Zero, "The time to connect to a relay is above 0.").ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRelay, RelayClient>();
        return services;
    }
}
