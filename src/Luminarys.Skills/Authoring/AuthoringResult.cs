using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary>Outcome of reading a skill's source.</summary>
/// <param name="Skill">The skill; null when a problem is an error.</param>
/// <param name="Problems">All findings, in source order.</param>
public sealed record AuthoringResult(AuthoredSkill? Skill, ImmutableArray<AuthorProblem> Problems);
