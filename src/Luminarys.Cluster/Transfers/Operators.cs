using Luminarys.Nodes;

namespace Luminarys.Cluster.Transfers;

/// <summary>Names under which command lines take part in a cluster: they ask, and have neither skills nor files.</summary>
internal static class Operators
{
    /// <summary>Whether a name is one of them.</summary>
    public static bool Is(NodeId node) => Is(node.Value);

    /// <summary>Whether a name is one of them.</summary>
    public static bool Is(string node) => node.StartsWith(OperatorOptions.Prefix, StringComparison.Ordinal);
}
