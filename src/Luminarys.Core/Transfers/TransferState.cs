namespace Luminarys.Transfers;

/// <summary>Where a transfer stands.</summary>
public enum TransferState
{
    /// <summary>It waits for its turn, or for another attempt.</summary>
    Waiting,

    /// <summary>Bytes go.</summary>
    Running,

    /// <summary>It is over; its fault tells how.</summary>
    Ended,
}
