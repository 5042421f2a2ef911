using Luminarys.Trust;

namespace Luminarys.Ports;

/// <summary>Where a node learns whose signatures its operator trusts. Thread-safe.</summary>
public interface ITrustSource
{
    /// <summary>Reads everything anew. What is broken is a problem in the result, not an exception, and does not hide the rest.</summary>
    ValueTask<TrustFolder> ReadAsync(CancellationToken cancellationToken);
}
