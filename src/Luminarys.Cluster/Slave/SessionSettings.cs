namespace Luminarys.Cluster.Slave;

/// <summary>Times of a slave's session.</summary>
/// <param name="HeartbeatInterval">Time between two heartbeats.</param>
/// <param name="NodeTtl">How long a confirmation lasts.</param>
/// <param name="RetryInterval">Time between two hellos of a node whose id is in use.</param>
/// <param name="RetryLimit">How long such a node goes on.</param>
/// <param name="PageSize">Largest page of the skill list in bytes.</param>
internal sealed record SessionSettings(TimeSpan HeartbeatInterval, TimeSpan NodeTtl, TimeSpan RetryInterval, TimeSpan RetryLimit, int PageSize);
