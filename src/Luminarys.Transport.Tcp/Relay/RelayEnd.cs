namespace Luminarys.Transport.Tcp.Relay;

/// <summary>Why a pair ended.</summary>
internal enum RelayEnd
{
    /// <summary>One side closed.</summary>
    Closed,

    /// <summary>A connection broke.</summary>
    Broken,

    /// <summary>A later attempt took its place, or the relay stopped.</summary>
    Cut,

    /// <summary>It carried more than its ticket allows.</summary>
    OverBudget,

    /// <summary>Nothing came for too long.</summary>
    Idle,

    /// <summary>A side read too slowly for too long and held a place that others need.</summary>
    TooSlow,
}
