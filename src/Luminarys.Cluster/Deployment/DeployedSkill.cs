using Luminarys.Skills;

namespace Luminarys.Cluster.Deployment;

/// <summary>A skill that runs on this node.</summary>
/// <param name="Skill">What it is.</param>
/// <param name="Source">The manifest that it came from.</param>
/// <param name="Content">What that manifest was recognised by; empty when it could not be.</param>
internal sealed record DeployedSkill(Skill Skill, string Source, string Content);
