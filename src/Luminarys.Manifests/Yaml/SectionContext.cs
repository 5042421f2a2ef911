using System.Collections.Frozen;

namespace Luminarys.Manifests.Yaml;

/// <summary>What every section of one file shares.</summary>
/// <param name="Problems">Findings so far.</param>
/// <param name="WorkingDirectory">Absolute directory that relative paths start from.</param>
/// <param name="Upcoming">Dotted keys that are understood but have no effect yet.</param>
internal sealed record SectionContext(ProblemList Problems, string WorkingDirectory, FrozenSet<string> Upcoming);
