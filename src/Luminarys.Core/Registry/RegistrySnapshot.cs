using System.Collections.Frozen;
using System.Collections.Immutable;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Registry;

/// <summary>Which node has which skill, at one version. Immutable; a reader holds one for the whole of a call.</summary>
public sealed class RegistrySnapshot
{
    private readonly FrozenDictionary<SkillId, RegistryEntry> _bySkill;
    private readonly FrozenDictionary<SkillId, ImmutableArray<RegistryEntry>> _replicas;

    /// <summary>Builds a snapshot in which every skill is on one node.</summary>
    /// <param name="version">Version of this content.</param>
    /// <param name="nodes">Known nodes.</param>
    /// <param name="entries">One entry for each skill id.</param>
    /// <exception cref="ArgumentException">Two entries have the same skill id.</exception>
    public RegistrySnapshot(RegistryVersion version, IEnumerable<Node> nodes, IEnumerable<RegistryEntry> entries)
        : this(version, nodes, entries, [])
    {
    }

    /// <summary>Builds a snapshot.</summary>
    /// <param name="version">Version of this content.</param>
    /// <param name="nodes">Known nodes.</param>
    /// <param name="entries">One entry for each skill id: its owner.</param>
    /// <param name="replicas">Further nodes that offer a skill id.</param>
    /// <exception cref="ArgumentException">Two entries have the same skill id.</exception>
    public RegistrySnapshot(RegistryVersion version, IEnumerable<Node> nodes, IEnumerable<RegistryEntry> entries, IEnumerable<RegistryEntry> replicas)
    {
        Version = version;
        Nodes = [.. nodes.OrderBy(node => node.Role).ThenBy(node => node.Id.Value, StringComparer.Ordinal)];
        Entries = [.. entries.OrderBy(entry => entry.Skill.Id.Value, StringComparer.Ordinal)];
        for (var index = 1; index < Entries.Length; index++)
        {
            var id = Entries[index].Skill.Id;
            if (id == Entries[index - 1].Skill.Id)
            {
                throw new ArgumentException($"Two entries have the same skill id: {id}.", nameof(entries));
            }
        }

        Replicas = [.. replicas.OrderBy(entry => entry.Skill.Id.Value, StringComparer.Ordinal).ThenBy(entry => entry.Node.Value, StringComparer.Ordinal)];
        _bySkill = Entries.ToFrozenDictionary(entry => entry.Skill.Id);
        _replicas = Replicas.GroupBy(entry => entry.Skill.Id).ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    /// <summary>The snapshot before anything is known: version 0.0, no nodes, no skills.</summary>
    public static RegistrySnapshot Empty { get; } = new(default, [], []);

    /// <summary>Version of this content.</summary>
    public RegistryVersion Version { get; }

    /// <summary>Known nodes: the master first, then by id.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>All entries, ordered by skill id, so that listings are the same everywhere.</summary>
    public ImmutableArray<RegistryEntry> Entries { get; }

    /// <summary>Nodes that offer a skill id besides its owner, ordered by skill id, then by node. Calls go to them only where a caller or a rule says so.</summary>
    public ImmutableArray<RegistryEntry> Replicas { get; }

    /// <summary>Finds the entry of a skill; null when no node offers it. Allocates nothing.</summary>
    public RegistryEntry? Find(SkillId skill) => _bySkill.GetValueOrDefault(skill);

    /// <summary>The nodes that offer a skill id besides its owner. Allocates nothing.</summary>
    public ImmutableArray<RegistryEntry> ReplicasOf(SkillId skill) => _replicas.TryGetValue(skill, out var replicas) ? replicas : [];

    /// <summary>Finds a skill on one node, whether it owns the id there or not; null when that node does not offer it. Allocates nothing.</summary>
    public RegistryEntry? FindOn(NodeId node, SkillId skill)
    {
        if (Find(skill) is { } owner && owner.Node == node)
        {
            return owner;
        }

        foreach (var replica in ReplicasOf(skill))
        {
            if (replica.Node == node)
            {
                return replica;
            }
        }

        return null;
    }

    /// <summary>Whether this snapshot is newer than <paramref name="other"/>.</summary>
    public bool IsSuccessorTo(RegistrySnapshot other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Version > other.Version;
    }
}
