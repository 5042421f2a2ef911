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
    private HashSet<(NodeId Node, SkillId Skill)> _hidden = [];

    public Node Self { get; } = self;

    /// <summary>Version that was built last.</summary>
    public RegistryVersion Version { get; private set; }

    /// <summary>Skills that are offered and refused in it.</summary>
    public ImmutableArray<RefusedSkill> Refused { get; private set; } = [];

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

    /// <summary>Whether the passing of time alone, or what is trusted meanwhile, gave a skill another owner or refused it.</summary>
    public bool WouldChange(SkillOwnership ownership, IReadOnlyCollection<NodeRecord> nodes, long lastOrder, TimeSpan now)
    {
        var next = ownership.Resolve(Candidates(nodes), lastOrder, now);
        return next.Owners.Count != _owners.Count || next.Owners.Any(pair => _owners.GetValueOrDefault(pair.Key) != pair.Value.Node)
            || !next.Refused.AsSpan().SequenceEqual(Refused.AsSpan());
    }

    /// <summary>Builds the next version, in both forms.</summary>
    public (RegistrySnapshot Snapshot, RegistryCopy Copy) Build(
        SkillOwnership ownership, IReadOnlyCollection<NodeRecord> nodes, long lastOrder, TimeSpan now)
    {
        Version = Version with { Revision = Version.Revision + 1 };
        var decision = ownership.Resolve(Candidates(nodes), lastOrder, now);
        _owners = decision.Owners.ToDictionary(pair => pair.Key, pair => pair.Value.Node);
        Refused = decision.Refused;
        _hidden = [.. Refused.Where(refused => refused.IsHidden).Select(refused => (refused.Node, refused.Skill))];
        var listed = nodes.Where(IsListed).ToList();
        var snapshot = new RegistrySnapshot(
            Version,
            [Self, .. listed.Select(node => node.ToNode())],
            decision.Owners.Values.Select(owner => new RegistryEntry(owner.Skill, owner.Node)),
            decision.Replicas.Select(replica => new RegistryEntry(replica.Skill, replica.Node)));
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
        var copies = skills.Skills.Where(skill => !_hidden.Contains((node.Id, skill.Skill.Id)))
            .Select(skill => new SkillCopy(skill.Skill.Id, skill.Skill.Digest, _owners.GetValueOrDefault(skill.Skill.Id) == node.Id));
        return new(node.Id, node.Role, node.State == NodeState.Draining, node.Incarnation, node.Instance, skills.Digest, [.. copies]);
    }
}
