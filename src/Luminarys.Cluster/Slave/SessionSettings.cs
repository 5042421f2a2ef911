namespace Luminarys.Cluster.Slave;

/// <summary>Times of a slave's session.</summary>
/// <param name="HeartbeatInterval">Time between two heartbeats.</param>
/// <param name="NodeTtl">How long a confirmation lasts.</param>
/// <param name="RetryInterval">Time between two hellos of a node whose id is in use.</param>
/// <param name="RetryLimit">How long such a node goes on.</param>
/// <param name="PageSize">Largest page of the skill list in bytes.</param>
internal sealed record SessionSettings(TimeSpan HeartbeatInterval, TimeSpan NodeTtl, TimeSpan RetryInterval, TimeSpan RetryLimit, int PageSize)
{
    /// <summary>How long the answer to a request may take.</summary>
    public static TimeSpan AnswerWait { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Shortest time to the next hello.</summary>
    public static TimeSpan MinRetry { get; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest time to the next hello.</summary>
    public static TimeSpan MaxRetry { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Time within which the slaves answer a beacon, so that not all do at once.</summary>
    public static TimeSpan BeaconJitter { get; } = TimeSpan.FromSeconds(1);
}
