using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk;

/// <summary>The annotated source of one skill.</summary>
/// <param name="Files">Its files.</param>
/// <param name="Directory">Where they are.</param>
internal sealed record SkillSources(IReadOnlyList<SourceFile> Files, string Directory);
