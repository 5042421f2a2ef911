using Luminarys.Invocations;
using Luminarys.Skills;

namespace Luminarys.Simulation;

/// <summary>A client's call, over all its attempts.</summary>
internal sealed class ClientCall(CallId id, SkillId skill, TimeSpan deadline, bool isIdempotent)
{
    private InvocationResult? _uncertain;

    public CallId Id { get; } = id;

    public SkillId Skill { get; } = skill;

    public TimeSpan Deadline { get; } = deadline;

    public bool IsIdempotent { get; } = isIdempotent;

    /// <summary>How often it was sent.</summary>
    public int Attempt { get; set; }

    /// <summary>The answer of an attempt that may have run, or null.</summary>
    public ref InvocationResult? Uncertain => ref _uncertain;
}
