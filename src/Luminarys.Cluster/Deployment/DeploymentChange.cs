using System.Collections.Immutable;
using Luminarys.Skills;

namespace Luminarys.Cluster.Deployment;

/// <summary>What a reading of the manifests changed on this node.</summary>
/// <param name="Skills">All skills that the node offers from now on.</param>
/// <param name="Leaving">Skills that still run, but are to go once nobody is told of them any more.</param>
/// <param name="Named">All skills that the manifests name, deployed or not; null when a manifest that cannot be read may name any other.</param>
internal sealed record DeploymentChange(ImmutableArray<Skill> Skills, ImmutableArray<SkillId> Leaving, IReadOnlyList<SkillId>? Named);
