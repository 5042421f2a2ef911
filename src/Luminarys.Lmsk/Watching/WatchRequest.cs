using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk.Watching;

/// <summary>What <c>lmsk watch</c> is asked for.</summary>
/// <param name="Directory">Folder of the project.</param>
/// <param name="Language">Its language.</param>
/// <param name="Build">Command that makes the module; empty for none.</param>
/// <param name="Module">The module; null finds the newest one.</param>
/// <param name="Run">What follows the file in <c>lmsk run</c>.</param>
internal sealed record WatchRequest(string Directory, SkillLanguage Language, string Build, string? Module, IReadOnlyList<string> Run);
