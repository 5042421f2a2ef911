using System.Collections.Immutable;

namespace Luminarys.Manifests;

/// <summary>Outcome of reading one manifest file.</summary>
/// <param name="Source">The file as the operator named it.</param>
/// <param name="Manifest">The manifest; null when a problem is an error.</param>
/// <param name="Problems">All findings, in file order.</param>
public sealed record ManifestResult(string Source, Manifest? Manifest, ImmutableArray<ConfigurationProblem> Problems)
{
    /// <summary>
    /// Names the content of the manifest together with its package: two results with the same one deploy the same. Empty when the source cannot tell.
    /// </summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Whether there is no such manifest any more, so that its skill is to go; a manifest that is there but broken is no reason for that.</summary>
    public bool IsMissing { get; init; }
}
