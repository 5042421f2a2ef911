namespace Luminarys.Cluster.Transfers;

/// <summary>Times and sizes of one attempt.</summary>
internal sealed record AttemptSettings
{
    /// <summary>The contract's.</summary>
    public static AttemptSettings Standard { get; } = new();

    /// <summary>Bytes that may have been sent and not be on the sink's disk; what a break costs at most.</summary>
    public long Window { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes after which the sink flushes: half a window, so that the source need not wait for it.</summary>
    public long FlushEveryBytes => Window / 2;

    /// <summary>Time after which it flushes what has come.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an end says nothing before it says that it is there.</summary>
    public TimeSpan AliveEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the other end may say nothing. Whoever waits for it is told of a dead link within 30 s.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>What a test may switch off.</summary>
    public TransferDefences Defences { get; init; } = TransferDefences.All;
}
