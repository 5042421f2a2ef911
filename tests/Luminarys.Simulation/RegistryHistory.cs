using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;
using Luminarys.Registry;

namespace Luminarys.Simulation;

/// <summary>Every registry that a master published. Throws when a promise about registries is broken.</summary>
internal sealed class RegistryHistory(SkillCatalog catalog)
{
    private readonly HashSet<(RegistryVersion Version, Digest128 Digest)> _published = [];

    /// <summary>A master published the next one.</summary>
    public void Publish(RegistryCopy before, RegistryCopy after)
    {
        _published.Add((after.Version, after.Digest));
        Violation.Require(after.Version > before.Version, "R-2: a master's registry went back");
        var nodes = after.Nodes.ToDictionary(node => node.Id);
        foreach (var old in before.Nodes.Where(node => node.Role == NodeRole.Slave))
        {
            if (nodes.TryGetValue(old.Id, out var now))
            {
                CheckOrder(old, now);
                CheckOwners(old, now);
            }
        }

        foreach (var node in after.Nodes.Where(node => node.Role == NodeRole.Slave))
        {
            Violation.Require(
                !node.Skills.Any(skill => skill.IsOwner && skill.Id == SkillCatalog.MasterSkill), "R-7: a slave owns the name of the master's skill");
        }
    }

    /// <summary>A slave has this copy now.</summary>
    public void Check(NodeId node, RegistryCopy copy) => Violation.Require(
        copy.Version == default || _published.Contains((copy.Version, copy.Digest)), $"R-1: {node} has a registry that no master published");

    private void CheckOrder(NodeCopy old, NodeCopy now)
    {
        Violation.Require(now.Incarnation >= old.Incarnation, $"R-2: an older process of {old.Id} took the place of a newer one");
        if (now.Instance == old.Instance)
        {
            Violation.Require(
                catalog.VersionOf(now.Id, now.Digest) >= catalog.VersionOf(old.Id, old.Digest), $"R-2: an older list of {old.Id} took the place of a newer one");
        }
    }

    private static void CheckOwners(NodeCopy old, NodeCopy now)
    {
        if (now.Instance != old.Instance || now.IsDraining)
        {
            return;
        }

        foreach (var skill in old.Skills.Where(skill => skill.IsOwner))
        {
            Violation.Require(
                now.Skills.All(other => other.Id != skill.Id || other.IsOwner), $"R-7: {old.Id} lives and offers {skill.Id}, but lost its name");
        }
    }
}
