using Luminarys.Manifests;
using Luminarys.Ports;

namespace Luminarys.Testing;

/// <summary>Manifests that were made in code and do not change.</summary>
internal sealed class FixedManifests(IReadOnlyList<Manifest> manifests) : IManifestSource
{
    public ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken) =>
        new([.. manifests.Select(manifest => new ManifestResult(manifest.Id.Value, manifest, []) { Fingerprint = manifest.PackagePath })]);
}
