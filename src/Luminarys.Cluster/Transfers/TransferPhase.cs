namespace Luminarys.Cluster.Transfers;

/// <summary>How far a transfer is, for whoever asks.</summary>
internal enum TransferPhase
{
    /// <summary>It waits for its turn, or for another attempt.</summary>
    Waiting,

    /// <summary>Bytes go.</summary>
    Running,

    /// <summary>It is over; its fault tells how.</summary>
    Ended,
}
