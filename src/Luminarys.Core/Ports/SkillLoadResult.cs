using System.Collections.Immutable;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>Outcome of loading a skill.</summary>
/// <param name="Skill">The skill; null when it did not load.</param>
/// <param name="Error">Why it did not load and what to do; null when it did.</param>
/// <param name="Warnings">What an operator should know although the skill loaded.</param>
public sealed record SkillLoadResult(Skill? Skill, string? Error, ImmutableArray<string> Warnings)
{
    /// <summary>A skill that loaded.</summary>
    public static SkillLoadResult Loaded(Skill skill, ImmutableArray<string> warnings) => new(skill, null, warnings);

    /// <summary>A skill that did not load.</summary>
    public static SkillLoadResult Failed(string error) => new(null, error, []);
}
