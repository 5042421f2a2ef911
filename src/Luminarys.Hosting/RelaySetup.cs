using System.Globalization;
using System.Net;
using Luminarys.Manifests.Configuration;
using Luminarys.Nodes;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Hosting;

/// <summary>What a node of a cluster needs to copy files: a way to the relay, and on a master, unless another one is named, the relay itself.</summary>
internal static class RelaySetup
{
    /// <summary>Adds both. To be called before the node is added: the relay starts before it.</summary>
    public static void Add(IServiceCollection services, ClusterConfiguration cluster)
    {
        services.AddTcpRelay(options => options.CaFile = cluster.Tls.CaFile);
        if (cluster.Role != NodeRole.Master)
        {
            return;
        }

        if (!IsEmbedded(cluster))
        {
            services.AddSingleton(new RelayKeys(KeyOf(cluster), []));
            return;
        }

        services.AddSingleton(new RelayKeys(RelayKey.Create(), []));
        services.TryAddSingleton<TimeProvider>(BootTimeProvider.Instance);
        services.AddTcpRelayServer(options =>
        {
            options.ListenPort = cluster.Relay.Port;
            (options.CertificateFile, options.KeyFile) = HasCertificate(cluster) ? (cluster.Tls.CertFile, cluster.Tls.KeyFile) : default;
        });
        services.AddHostedService<EmbeddedRelayService>();
    }

    /// <summary>Where nodes reach the relay.</summary>
    public static string AddressOf(ClusterConfiguration cluster)
    {
        var address = cluster.Relay.Url
            ?? string.Create(CultureInfo.InvariantCulture, $"{cluster.Relay.AdvertisedHost ?? HostOf(cluster)}:{cluster.Relay.Port}");
        return HasCertificate(cluster) ? $"tls://{address}" : address;
    }

    private static bool IsEmbedded(ClusterConfiguration cluster) => cluster.Relay is { Embedded: true, Url: null };

    private static bool HasCertificate(ClusterConfiguration cluster) => cluster.Tls is { Enabled: true, CertFile: not null };

    // Without a secret or a token nobody could share a key with the relay: then no relay takes the tickets, and the log of the relay says so.
    private static RelayKey KeyOf(ClusterConfiguration cluster) => cluster.Relay.Secret is { Length: > 0 } secret ? RelayKey.OfSecret(secret)
        : cluster.Auth.Token is { Length: > 0 } token ? RelayKey.OfToken(token)
        : throw new InvalidOperationException("cluster.relay.secret: a relay that runs on its own shares a secret with the master; set it, or cluster.auth.token.");

    // A relay in the master is where the master is; other nodes know that machine by its name unless all live on this one.
    private static string HostOf(ClusterConfiguration cluster) =>
        cluster.NatsUrl.Split(',', StringSplitOptions.TrimEntries).All(IsLocal) ? "127.0.0.1" : Environment.MachineName;

    private static bool IsLocal(string server) =>
        Uri.TryCreate(server.Contains("://", StringComparison.Ordinal) ? server : $"nats://{server}", UriKind.Absolute, out var url)
        && (url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address)));
}
