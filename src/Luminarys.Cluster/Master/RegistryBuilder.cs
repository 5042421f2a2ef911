using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;

namespace Luminarys.Cluster.Master;

/// <summary>Makes one registry version after another out of the nodes that are there.</summary>
internal sealed class RegistryBuilder(Node self)
{
    private SkillList _ownSkills = SkillList.Empty;
    private Dictionary<SkillId, NodeId> _owners = [];

    public Node Self { get; } = self;

    /// <summary>Version that was built last.</summary>
    public RegistryVersion Version { get; private set; }

    /// <summary>Begins a new epoch.</summary>
    public void Begin(ulong epoch, SkillList ownSkills)
    {
        Version = new(epoch, 0);
        _ownSkills = ownSkills;
    }

    /// <summary>Takes over other skills of the master; false when they are what it has.</summary>
    public bool TryOffer(SkillList ownSkills)
    {
        var isNew = ownSkills.Digest != _ownSkills.Digest;
        _ownSkills = isNew ? ownSkills.Sharing(_ownSkills) : _ownSkills;
        return isNew;
    }

    /// <summary>Whether the passing of time alone gave a skill another owner.</summary>
    public bool WouldChange(SkillOwnership ownership, IReadOnlyCollection<NodeRecord> nodes, long lastOrder, TimeSpan now)
    {
        var owners = ownership.Resolve(Candidates(nodes), lastOrder, now);
        return owners.Count != _owners.Count || owners.Any(pair => _owners.GetValueOrDefault(pair.Key) != pair.Value.Node);
    }

    /// <summary>Builds the next version, in both forms.</summary>
    public (RegistrySnapshot Snapshot, RegistryCopy Copy) Build(
        SkillOwnership ownership, IReadOnlyCollection<NodeRecord> nodes, long lastOrder, TimeSpan now)
    {
        Version = Version with { Revision = Version.Revision + 1 };
        var chosen = ownership.Resolve(Candidates(nodes), lastOrder, now);
        _owners = chosen.ToDictionary(pair => pair.Key, pair => pair.Value.Node);
        var listed = nodes.Where(IsListed).ToList();
        var snapshot = new RegistrySnapshot(
            Version,
            [Self, .. listed.Select(node => node.ToNode())],
            chosen.Values.Select(owner => new RegistryEntry(owner.Skill, owner.Node)));
        var copy = RegistryCopy.Of(Version, [CopyOf(Self, _ownSkills), .. listed.Select(node => CopyOf(node.ToNode(), node.Skills))]);
        return (snapshot, copy);
    }

    private static bool IsListed(NodeRecord node) => node.State is NodeState.Alive or NodeState.Suspect or NodeState.Draining;

    private IEnumerable<SkillCandidate> Candidates(IReadOnlyCollection<NodeRecord> nodes)
    {
        foreach (var skill in _ownSkills.Skills)
        {
            yield return new(Self.Id, skill.Skill, 0);
        }

        foreach (var node in nodes.Where(node => node.State is NodeState.Alive or NodeState.Suspect))
        {
            foreach (var skill in node.Skills.Skills)
            {
                yield return new(node.Id, skill.Skill, node.Order);
            }
        }
    }

    private NodeCopy CopyOf(Node node, SkillList skills)
    {
        var copies = ImmutableArray.CreateRange(
            skills.Skills, skill => new SkillCopy(skill.Skill.Id, skill.Skill.Digest, _owners.GetValueOrDefault(skill.Skill.Id) == node.Id));
        return new(node.Id, node.Role, node.State == NodeState.Draining, node.Incarnation, node.Instance, skills.Digest, copies);
    }
}
