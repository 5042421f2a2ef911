using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Cluster.Deployment;

/// <summary>A place where values of skills live. Thread-safe.</summary>
internal interface ISkillValues
{
    /// <summary>Largest value in bytes.</summary>
    const int MaxValue = 256 * 1024;

    /// <summary>What all keys and values of one scope may take together, in bytes.</summary>
    const long MaxScope = 16 * 1024 * 1024;

    /// <summary>Reads a value.</summary>
    /// <exception cref="IOException">The medium failed.</exception>
    ValueTask<StoredValue> FindAsync(ValueKey key, CancellationToken cancellationToken);

    /// <summary>Writes a value; null when it is stored.</summary>
    /// <exception cref="IOException">The medium failed.</exception>
    ValueTask<HostFault?> StoreAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);
}
