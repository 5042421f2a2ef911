using Luminarys.Skills;

namespace Luminarys.Invocations;

/// <summary>On whose behalf a call runs. Set by the host, never by a guest.</summary>
/// <param name="Kind">Edge, skill or the skill itself.</param>
/// <param name="Skill">The calling skill; default for an edge.</param>
public readonly record struct Caller(CallerKind Kind, SkillId Skill)
{
    /// <summary>A client at the edge.</summary>
    public static Caller Edge { get; } = new(CallerKind.Edge, default);
}
