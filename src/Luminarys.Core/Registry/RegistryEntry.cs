using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Registry;

/// <summary>A skill together with the node that owns it.</summary>
/// <param name="Skill">The skill.</param>
/// <param name="Node">The node that runs it.</param>
public sealed record RegistryEntry(Skill Skill, NodeId Node);
