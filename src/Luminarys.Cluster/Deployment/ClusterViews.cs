using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;

namespace Luminarys.Cluster.Deployment;

/// <summary>Makes of a registry what skills may see of the cluster.</summary>
internal static class ClusterViews
{
    /// <summary>Live nodes with their skills.</summary>
    public static ClusterView Of(NodeId self, RegistrySnapshot registry) => new(self, [
        .. registry.Nodes.Where(node => node.State == NodeState.Alive).Select(node => new ClusterNode(
            node.Id, node.Role, [.. registry.Entries.Where(entry => entry.Node == node.Id).Select(entry => entry.Skill.Id)]))]);
}
