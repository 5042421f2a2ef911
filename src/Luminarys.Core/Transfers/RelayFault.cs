namespace Luminarys.Transfers;

/// <summary>Why a relay opened no channel.</summary>
public enum RelayFault
{
    /// <summary>It did open one.</summary>
    None,

    /// <summary>The relay did not take the ticket: expired, used, altered, or for another relay.</summary>
    Refused,

    /// <summary>The other side did not come in time.</summary>
    NoPeer,

    /// <summary>The relay carries as much as it may; later is worth an attempt.</summary>
    Busy,

    /// <summary>No relay answered at the address, or what answered was none that knows the ticket.</summary>
    Unreachable,
}
