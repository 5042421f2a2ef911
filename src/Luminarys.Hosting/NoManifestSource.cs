using Luminarys.Manifests;
using Luminarys.Ports;

namespace Luminarys.Hosting;

/// <summary>A node without skills of its own.</summary>
internal sealed class NoManifestSource : IManifestSource
{
    public ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken) => new([]);
}
