using Luminarys.Cluster;
using Luminarys.Manifests.Configuration;

namespace Luminarys.Hosting;

/// <summary>What a configuration says about the security of the bus. Whether the server keeps to it, its operator knows.</summary>
internal static class BusSecurity
{
    public static BusSecurityLevel Of(ClusterConfiguration cluster)
    {
        var (token, user) = cluster.Auth is { Token: null, User: null } ? OfUrl(cluster.NatsUrl) : (cluster.Auth.Token, cluster.Auth.User);
        return cluster.IsSigned ? BusSecurityLevel.NodeKeys
            : user is null && token is null ? BusSecurityLevel.None
            : user == cluster.NodeId.Value ? BusSecurityLevel.NodeUsers
            : BusSecurityLevel.SharedCredential;
    }

    private static (string? Token, string? User) OfUrl(string urls)
    {
        foreach (var text in urls.Split(',', StringSplitOptions.TrimEntries))
        {
            var full = text.Contains("://", StringComparison.Ordinal) ? text : $"nats://{text}";
            if (Uri.TryCreate(full, UriKind.Absolute, out var address) && address.UserInfo is { Length: > 0 } info)
            {
                var colon = info.IndexOf(':', StringComparison.Ordinal);
                return colon < 0 ? (info, null) : (null, Uri.UnescapeDataString(info[..colon]));
            }
        }

        return default;
    }
}
