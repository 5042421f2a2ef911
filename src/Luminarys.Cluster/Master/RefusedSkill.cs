using Luminarys.Events;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Cluster.Master;

/// <summary>A skill that is offered and not called under its plain name.</summary>
/// <param name="Node">Who offers it.</param>
/// <param name="Skill">The id.</param>
/// <param name="Digest">Its code.</param>
/// <param name="Reason">Why.</param>
/// <param name="Owner">Who owns the id; null when that is not the reason.</param>
internal readonly record struct RefusedSkill(NodeId Node, SkillId Skill, PackageDigest Digest, SkillRefusal Reason, NodeId? Owner)
{
    /// <summary>Whether the registry does not know it at all.</summary>
    public bool IsHidden => Reason != SkillRefusal.OtherPackage;
}
