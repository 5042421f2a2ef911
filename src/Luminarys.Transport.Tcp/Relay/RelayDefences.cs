namespace Luminarys.Transport.Tcp.Relay;

/// <summary>Defences that tests switch off to see that they are what holds. Always on otherwise.</summary>
internal sealed record RelayDefences
{
    /// <summary>All of them.</summary>
    public static RelayDefences All { get; } = new();

    /// <summary>An expired ticket is refused.</summary>
    public bool ChecksExpiry { get; init; } = true;

    /// <summary>A client must know the ticket's join key.</summary>
    public bool ChecksProof { get; init; } = true;

    /// <summary>A connection that has not proved itself in time is closed.</summary>
    public bool LimitsHandshakes { get; init; } = true;

    /// <summary>A newcomer among strangers gets the place of the oldest one.</summary>
    public bool MakesRoom { get; init; } = true;

    /// <summary>Nothing is read before what was read has been written.</summary>
    public bool WaitsForReaders { get; init; } = true;

    /// <summary>A connection whose other end is silent for too long ends.</summary>
    public bool FindsDeadPeers { get; init; } = true;
}
