namespace Luminarys.Transport.Tcp.Relay;

/// <summary>Messages before two sides are paired. The numbers are those on the wire.</summary>
internal enum RelayMessageType : byte
{
    /// <summary>Client: magic, ticket, nonce.</summary>
    Hello = 1,

    /// <summary>Relay: nonce, proof that it knows the ticket's key.</summary>
    Challenge = 2,

    /// <summary>Client: proof that the ticket was given to it.</summary>
    Proof = 3,

    /// <summary>Relay: seconds that it waits for the peer (u16).</summary>
    Waiting = 4,

    /// <summary>Relay: role of the peer (u8). What follows is the channel.</summary>
    Paired = 5,

    /// <summary>Relay: a <see cref="RelayRejection"/> (u8). Then it closes.</summary>
    Reject = 6,
}
