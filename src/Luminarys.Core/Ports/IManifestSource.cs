using Luminarys.Manifests;

namespace Luminarys.Ports;

/// <summary>Where a node learns which skills to deploy.</summary>
public interface IManifestSource
{
    /// <summary>Reads every manifest. A broken one is a result with problems, not an exception, and does not hide the others.</summary>
    ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken);
}
