using System.Collections.Immutable;
using Luminarys.Skills;

namespace Luminarys.Cluster.Master;

/// <summary>Who is called under which skill id, and who is not.</summary>
/// <param name="Owners">The candidate that is called, for each skill id that has one.</param>
/// <param name="Replicas">Candidates that the registry knows besides the owners.</param>
/// <param name="Refused">Candidates that are refused, and replicas that are not what they are named after; in the order in which they registered.</param>
internal sealed record OwnershipDecision(
    IReadOnlyDictionary<SkillId, SkillCandidate> Owners, IReadOnlyList<SkillCandidate> Replicas, ImmutableArray<RefusedSkill> Refused);
