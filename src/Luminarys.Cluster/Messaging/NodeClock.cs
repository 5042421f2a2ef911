namespace Luminarys.Cluster.Messaging;

/// <summary>The node's monotonic clock: time since the node was built.</summary>
internal sealed class NodeClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time { get; } = time;

    public TimeSpan Now => Time.GetElapsedTime(_start);
}
