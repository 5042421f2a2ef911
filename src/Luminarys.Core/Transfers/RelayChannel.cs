namespace Luminarys.Transfers;

/// <summary>A channel to the other side of a transfer, or why there is none.</summary>
/// <param name="Stream">The channel, owned by the caller; null when there is a fault.</param>
/// <param name="Fault">Why there is none.</param>
public readonly record struct RelayChannel(Stream? Stream, RelayFault Fault)
{
    /// <summary>A channel.</summary>
    public static implicit operator RelayChannel(Stream stream) => new(stream, RelayFault.None);

    /// <summary>No channel.</summary>
    public static implicit operator RelayChannel(RelayFault fault) => new(null, fault);

    /// <summary>A channel.</summary>
    public static RelayChannel FromStream(Stream stream) => stream;

    /// <summary>No channel.</summary>
    public static RelayChannel FromRelayFault(RelayFault fault) => fault;
}
