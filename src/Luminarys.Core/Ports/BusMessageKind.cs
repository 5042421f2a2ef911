namespace Luminarys.Ports;

/// <summary>What a message is.</summary>
public enum BusMessageKind
{
    /// <summary>Sent by a peer.</summary>
    Data,

    /// <summary>The server found nobody who listens on the subject of a request; it arrives on the request's reply subject, without payload.</summary>
    NoResponders,

    /// <summary>A message that the full queue of the subscription could not take; to be answered as busy, not acted upon.</summary>
    Overflow,
}
