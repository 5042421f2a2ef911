using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Cluster.Master;

/// <summary>A live node offers a skill.</summary>
/// <param name="Node">The node.</param>
/// <param name="Skill">The skill.</param>
/// <param name="Order">Place of the node's list in the order of registrations.</param>
internal readonly record struct SkillCandidate(NodeId Node, Skill Skill, long Order);
