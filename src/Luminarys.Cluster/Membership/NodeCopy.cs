using System.Collections.Immutable;
using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Cluster.Membership;

/// <summary>What slaves know of a node: no schemas.</summary>
/// <param name="Id">Node.</param>
/// <param name="Role">Role.</param>
/// <param name="IsDraining">Takes no new calls.</param>
/// <param name="Incarnation">Incarnation.</param>
/// <param name="Instance">Process.</param>
/// <param name="Digest">Digest of its skill list.</param>
/// <param name="Skills">Its skills, ascending by id.</param>
internal sealed record NodeCopy(
    NodeId Id, NodeRole Role, bool IsDraining, ulong Incarnation, InstanceId Instance, Digest128 Digest, ImmutableArray<SkillCopy> Skills)
{
    /// <summary>Whether the node has the skill, as owner or as replica.</summary>
    public bool Has(SkillId skill)
    {
        foreach (ref readonly var copy in Skills.AsSpan())
        {
            if (copy.Id == skill)
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(NodeCopy? other) =>
        other is not null && Id == other.Id && Role == other.Role && IsDraining == other.IsDraining && Incarnation == other.Incarnation
        && Instance == other.Instance && Digest == other.Digest && Skills.AsSpan().SequenceEqual(other.Skills.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Id, Instance, Digest, Skills.Length);
}
