using Luminarys.Manifests.Configuration;

namespace Luminarys.Hosting;

/// <summary>Where this node itself listens or is connected to: what its skills must not reach by the way.</summary>
internal static class OwnEndpoints
{
    private const int BusPort = 4222;
    private static readonly string[] s_local = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Bus servers, relay and HTTP server, each as <c>host:port</c>.</summary>
    public static IEnumerable<string> Of(HostConfiguration configuration) =>
        OfCluster(configuration.Cluster).Concat(OfHttp(configuration.Http)).Distinct(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> OfCluster(ClusterConfiguration? cluster)
    {
        if (cluster is null)
        {
            yield break;
        }

        foreach (var server in cluster.NatsUrl.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // A bare host is a form that the bus client takes as well.
            if (Uri.TryCreate(server.Contains("://", StringComparison.Ordinal) ? server : $"nats://{server}", UriKind.Absolute, out var url))
            {
                yield return $"{url.Host}:{(url.Port > 0 ? url.Port : BusPort)}";
                yield return $"{url.Host}:{cluster.Relay.Port}";
            }
        }

        if (cluster.Relay.Url is { } relay)
        {
            yield return relay;
        }

        foreach (var host in cluster.Relay.AdvertisedHost is { } advertised ? s_local.Append(advertised) : s_local)
        {
            yield return $"{host}:{cluster.Relay.Port}";
        }
    }

    private static IEnumerable<string> OfHttp(HttpConfiguration? http)
    {
        if (http is null || http.Address.Port == 0)
        {
            yield break;
        }

        // Every interface: reached by the names of this machine.
        if (http.Address.Host.Length > 0)
        {
            yield return http.Address.ToString();
        }

        foreach (var host in s_local.Append(Environment.MachineName))
        {
            yield return $"{host}:{http.Address.Port}";
        }
    }
}
