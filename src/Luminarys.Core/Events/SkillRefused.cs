using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Events;

/// <summary>A security event: a node offered a skill that it may not offer, or not under this id.</summary>
/// <param name="Node">The node.</param>
/// <param name="Skill">The id that it wanted.</param>
/// <param name="Reason">Why it does not get it.</param>
/// <param name="Owner">The node that owns the id; null when that is not the reason.</param>
public sealed record SkillRefused(NodeId Node, SkillId Skill, SkillRefusal Reason, NodeId? Owner) : IDomainEvent;
