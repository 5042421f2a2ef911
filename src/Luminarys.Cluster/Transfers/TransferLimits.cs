namespace Luminarys.Cluster.Transfers;

/// <summary>How much a node copies at once, and how often it tries.</summary>
internal sealed record TransferLimits
{
    /// <summary>The contract's.</summary>
    public static TransferLimits Standard { get; } = new();

    /// <summary>Files that are sent at once.</summary>
    public int Outgoing { get; init; } = 4;

    /// <summary>Files that are taken at once.</summary>
    public int Incoming { get; init; } = 4;

    /// <summary>Files that wait to be sent.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>Attempts of one transfer.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Largest file in bytes.</summary>
    public long MaxLength { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>Longest wait before the second attempt; it doubles from one to the next.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait before any attempt.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);
}
