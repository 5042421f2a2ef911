using System.Collections.Immutable;

namespace Luminarys.Manifests;

/// <summary>Outcome of reading one manifest file.</summary>
/// <param name="Source">The file as the operator named it.</param>
/// <param name="Manifest">The manifest; null when a problem is an error.</param>
/// <param name="Problems">All findings, in file order.</param>
public sealed record ManifestResult(string Source, Manifest? Manifest, ImmutableArray<ConfigurationProblem> Problems);
