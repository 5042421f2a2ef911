using Luminarys.Cluster.Membership;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;

namespace Luminarys.Cluster.Slave;

/// <summary>
/// Makes a slave's copy of the registry visible as the node's <see cref="SkillRegistry"/>. Of skills on other nodes a slave knows id, node and digest
/// only: their descriptors are empty.
/// </summary>
internal sealed class SlaveRegistry(SkillRegistry registry, NodeId self, IReadOnlyCollection<Skill> ownSkills)
{
    private IReadOnlyCollection<Skill> _ownSkills = ownSkills;
    private static readonly SkillDescriptor s_unknown = new(new(""), "", "", "", [], [], 0);
    private RegistryVersion _published;

    /// <summary>The node's own skills are others when the next copy comes.</summary>
    public void Change(IReadOnlyCollection<Skill> ownSkills) => _ownSkills = ownSkills;

    public void Publish(RegistryCopy copy)
    {
        if (copy.Version == _published)
        {
            return;
        }

        _published = copy.Version;
        var entries = copy.Nodes.SelectMany(
            node => node.Skills.Where(skill => skill.IsOwner).Select(skill => new RegistryEntry(SkillOf(node.Id, skill), node.Id)));
        registry.TryPublish(new(copy.Version, copy.Nodes.Select(NodeOf), entries.DistinctBy(entry => entry.Skill.Id)));
    }

    private static Node NodeOf(NodeCopy node) =>
        new(node.Id, node.Role, node.IsDraining ? NodeState.Draining : NodeState.Alive, node.Incarnation, node.Instance);

    private Skill SkillOf(NodeId node, SkillCopy copy) =>
        (node == self ? _ownSkills.FirstOrDefault(skill => skill.Id == copy.Id) : null)
        ?? new(copy.Id, s_unknown, copy.Digest, "", McpMapping.Default);
}
