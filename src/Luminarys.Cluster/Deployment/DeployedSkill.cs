using Luminarys.Skills;

namespace Luminarys.Cluster.Deployment;

/// <summary>A skill that runs on this node.</summary>
/// <param name="Skill">What it is.</param>
/// <param name="Source">The manifest that it came from.</param>
internal sealed record DeployedSkill(Skill Skill, string Source);
