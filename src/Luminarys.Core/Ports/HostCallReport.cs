using Luminarys.Invocations;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>One act of a skill outside of its sandbox.</summary>
/// <param name="Skill">The skill.</param>
/// <param name="Call">The call that it belongs to; default while the skill starts.</param>
/// <param name="Function">The host function, such as <c>fs_read</c>.</param>
/// <param name="Resource">What it was about, without secrets; empty when nothing was judged.</param>
/// <param name="Verdict">The last verdict; null when the manifest was not asked, or granted without naming a rule.</param>
/// <param name="Error">What the guest was told; null when it got its answer.</param>
/// <param name="Duration">From the guest's request to the answer.</param>
public sealed record HostCallReport(SkillId Skill, CallId Call, string Function, string Resource, Verdict? Verdict, string? Error, TimeSpan Duration)
{
    /// <summary>Whether the manifest, or a fixed rule, forbade it.</summary>
    public bool IsDenied => Verdict is { IsAllowed: false };
}
