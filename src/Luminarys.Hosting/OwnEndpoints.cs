using System.Globalization;
using Luminarys.Manifests.Configuration;
using Luminarys.Permissions.Network;

namespace Luminarys.Hosting;

/// <summary>Where this node itself listens or is connected to: what its skills must not reach by the way.</summary>
internal static class OwnEndpoints
{
    private const int BusPort = 4222;
    private static readonly string[] s_local = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Relay and HTTP server of a configuration, each as <c>host:port</c>. The bus is known from its own options.</summary>
    public static IEnumerable<string> Of(HostConfiguration configuration) =>
        OfRelay(configuration.Cluster).Concat(configuration.Http is { Address: { Port: > 0 } address } ? OfListener(address.Host, address.Port) : [])
            .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Bus servers, as the bus client takes them: URLs or bare hosts, separated by commas. What is none of these it reports itself.</summary>
    public static IEnumerable<string> OfBus(string servers) => UrlsOf(servers).Select(url => At(url.Host, url.Port > 0 ? url.Port : BusPort));

    /// <summary>An address that an HTTP server listens on; without a host, or with a wildcard, every interface.</summary>
    public static IEnumerable<string> OfListener(string host, int port)
    {
        var isEvery = host is "" or "*" or "+" or "0.0.0.0" or "::" or "[::]";
        var bracketed = host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;

        // A machine's name that no address can have cannot be asked for by a skill either.
        var machine = NetworkHost.TryParse(Environment.MachineName, out _, out _) ? [Environment.MachineName] : Array.Empty<string>();
        return s_local.Concat(machine).Concat(isEvery ? [] : [bracketed]).Select(name => At(name, port)).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> OfRelay(ClusterConfiguration? cluster)
    {
        if (cluster is null)
        {
            return [];
        }

        var hosts = UrlsOf(cluster.NatsUrl).Select(url => url.Host).Concat(s_local).Concat(cluster.Relay.AdvertisedHost is { } advertised ? [advertised] : []);
        return hosts.Select(host => At(host, cluster.Relay.Port)).Concat(cluster.Relay.Url is { } relay ? [relay] : []);
    }

    private static IEnumerable<Uri> UrlsOf(string servers) =>
        servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(server => Uri.TryCreate(server.Contains("://", StringComparison.Ordinal) ? server : $"nats://{server}", UriKind.Absolute, out var url) ? url : null)
            .OfType<Uri>();

    private static string At(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
}
