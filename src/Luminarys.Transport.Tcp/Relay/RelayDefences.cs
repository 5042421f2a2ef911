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
}
