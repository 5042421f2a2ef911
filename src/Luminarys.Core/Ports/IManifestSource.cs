using Luminarys.Manifests;

namespace Luminarys.Ports;

/// <summary>Where a node learns which skills to deploy.</summary>
public interface IManifestSource
{
    /// <summary>Reads every manifest. A broken one is a result with problems, not an exception, and does not hide the others.</summary>
    ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Completes when reading again may give something else than the last reading did. A source that never changes, which is the default, waits until the
    /// token is cancelled.
    /// </summary>
    ValueTask WaitForChangeAsync(CancellationToken cancellationToken) => new(Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
}
