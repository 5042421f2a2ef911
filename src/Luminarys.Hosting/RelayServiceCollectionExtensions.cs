using Luminarys.Manifests.Configuration;
using Luminarys.Ports;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Hosting;

/// <summary>Puts a relay together that runs on its own.</summary>
public static class RelayServiceCollectionExtensions
{
    /// <summary>
    /// Adds the relay that a configuration's <c>cluster</c> section describes: its port, its secret or the token of the bus, its certificate. It starts and
    /// drains with the application; <see cref="IRelayServer"/> says where it listens.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no <c>cluster</c> section, or neither a secret nor a token in it.</exception>
    public static IServiceCollection AddLuminarysRelay(this IServiceCollection services, HostConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Cluster is not { } cluster)
        {
            throw new InvalidOperationException("cluster: a relay needs this section, enabled; give it the configuration of the master.");
        }

        var key = cluster.Relay.Secret is { Length: > 0 } secret ? RelayKey.OfSecret(secret)
            : cluster.Auth.Token is { Length: > 0 } token ? RelayKey.OfToken(token)
            : throw new InvalidOperationException(
                "cluster.relay.secret: a relay that runs on its own shares a secret with the master; set it, or cluster.auth.token.");
        services.TryAddSingleton<TimeProvider>(BootTimeProvider.Instance);
        services.AddSingleton(new RelayKeys(key, []));
        services.AddTcpRelayServer(options =>
        {
            options.ListenPort = cluster.Relay.Port;
            (options.CertificateFile, options.KeyFile) = cluster.Tls.Enabled ? (cluster.Tls.CertFile, cluster.Tls.KeyFile) : default;
        });
        services.AddHostedService<RelayHostedService>();
        return services;
    }
}
