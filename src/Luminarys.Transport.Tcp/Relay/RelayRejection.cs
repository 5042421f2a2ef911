namespace Luminarys.Transport.Tcp.Relay;

/// <summary>Why a relay turns a connection away. The numbers are those on the wire.</summary>
internal enum RelayRejection : byte
{
    /// <summary>The ticket or its proof is not valid. Nobody is told what was wrong with it.</summary>
    Denied = 1,

    /// <summary>The peer did not come in time.</summary>
    NoPeer = 2,

    /// <summary>A limit of the relay is reached.</summary>
    Busy = 3,

    /// <summary>The relay is stopping.</summary>
    Draining = 4,
}
