using Luminarys.Manifests.Configuration;
using Luminarys.Nodes;

namespace Luminarys.Cli;

/// <summary>What an operator must know about the security of a start.</summary>
internal static class StartNotices
{
    public static void Write(HostConfiguration configuration, TextWriter output)
    {
        var servesClients = configuration.Cluster?.Role != NodeRole.Slave;
        if (servesClients && configuration.Http is { Tokens.IsEmpty: true } http)
        {
            output.WriteLine($"warning: http.auth.tokens is empty: whoever reaches {http.Address} may call every tool");
        }

        if (configuration.Cluster is { } cluster)
        {
            output.WriteLine(cluster.Auth is { Token: null, User: null }
                ? "warning: the bus has no authentication: whoever reaches it may pose as any node"
                : "bus security level L0: whoever holds the bus credentials may read every message and pose as any node");
        }
    }
}
