using Luminarys.Nodes;

namespace Luminarys.Cluster.Transfers;

/// <summary>Names under which command lines take part in a cluster: they ask, and have neither skills nor files.</summary>
internal static class Operators
{
    /// <summary>Begins each of them; no node may have such an id.</summary>
    public const string Prefix = "op-";

    /// <summary>Whether a name is one of them.</summary>
    public static bool Is(NodeId node) => node.Value.StartsWith(Prefix, StringComparison.Ordinal);
}
