using Luminarys.Manifests.Configuration;
using Luminarys.Nodes;

namespace Luminarys.Cli;

/// <summary>What an operator must know about the security of a start.</summary>
internal static class StartNotices
{
    public static void Write(HostConfiguration configuration, bool isStdio, TextWriter output)
    {
        var servesClients = !isStdio && configuration.Cluster?.Role != NodeRole.Slave;
        if (servesClients && configuration.Http is { Tokens.IsEmpty: true, OAuth: null } http)
        {
            output.WriteLine($"warning: http.auth.tokens is empty: whoever reaches {http.Address} may call every tool");
        }
    }
}
