using Luminarys.Invocations;

namespace Luminarys.Cluster.Master.SkillCalls;

/// <summary>What becomes of a skill call that arrived: it is dropped, refused, or begins.</summary>
/// <param name="DropReason">Why it is dropped without an answer; null when it is not.</param>
/// <param name="Error">Why it is refused; none when it begins.</param>
/// <param name="Link">Its place in its chain, when it begins.</param>
internal readonly record struct SkillCallVerdict(string? DropReason, InvocationError Error, ChainLink Link)
{
    public static SkillCallVerdict Drop(string reason) => new(reason, InvocationError.None, default);

    public static SkillCallVerdict Refuse(InvocationError error) => new(null, error, default);

    public static SkillCallVerdict Begin(ChainLink link) => new(null, InvocationError.None, link);
}
