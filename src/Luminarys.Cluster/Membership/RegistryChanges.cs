using Luminarys.Events;
using Luminarys.Nodes;
using Luminarys.Registry;

namespace Luminarys.Cluster.Membership;

/// <summary>What an observer should be told about the step from one registry to the next.</summary>
internal static class RegistryChanges
{
    /// <summary>Losses first, then arrivals, so that a skill that changed its node is withdrawn before it is published.</summary>
    public static IEnumerable<IDomainEvent> Between(RegistrySnapshot before, RegistrySnapshot after)
    {
        foreach (var entry in before.Entries.Where(entry => !IsSame(entry, after.Find(entry.Skill.Id))))
        {
            yield return new SkillWithdrawn(entry);
        }

        foreach (var node in Lost(before, after))
        {
            yield return new NodeLost(node);
        }

        foreach (var node in Lost(after, before))
        {
            yield return new NodeJoined(node);
        }

        foreach (var entry in after.Entries.Where(entry => !IsSame(entry, before.Find(entry.Skill.Id))))
        {
            yield return new SkillPublished(entry);
        }
    }

    /// <summary>The processes of the first registry that are not in the second.</summary>
    public static IEnumerable<Node> Lost(RegistrySnapshot before, RegistrySnapshot after)
    {
        var kept = after.Nodes.Select(node => node.Instance).ToHashSet();
        return before.Nodes.Where(node => !kept.Contains(node.Instance));
    }

    private static bool IsSame(RegistryEntry entry, RegistryEntry? other) =>
        other is not null && entry.Node == other.Node && ReferenceEquals(entry.Skill, other.Skill);
}
