namespace Luminarys.Skills;

/// <summary>A permission that a package says it needs.</summary>
/// <param name="Kind">Capability: <c>fs http tcp ws shell llm env invoke</c>.</param>
/// <param name="Pattern">What of the capability; may be empty.</param>
/// <param name="Mode"><c>ro</c> or <c>rw</c> for <c>fs</c>; empty otherwise.</param>
public sealed record SkillRequirement(string Kind, string Pattern, string Mode);
