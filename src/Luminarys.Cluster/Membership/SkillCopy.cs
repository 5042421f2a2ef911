using Luminarys.Skills;

namespace Luminarys.Cluster.Membership;

/// <summary>What slaves know of a skill.</summary>
/// <param name="Id">Skill.</param>
/// <param name="Digest">Digest of its code.</param>
/// <param name="IsOwner">Whether calls to this id go to this node; otherwise it is a replica.</param>
internal readonly record struct SkillCopy(SkillId Id, PackageDigest Digest, bool IsOwner);
