namespace Luminarys.Cluster.Master;

/// <summary>Times of remote calls.</summary>
/// <param name="AcknowledgementWait">How long a sent call may stay without any frame.</param>
/// <param name="SilenceLimit">How long an acknowledged call may stay without a frame.</param>
internal sealed record CallSettings(TimeSpan AcknowledgementWait, TimeSpan SilenceLimit)
{
    /// <summary>
    /// How long after its deadline a call waits for the node to say so itself: the node runs the same deadline and knows better how the call ended.
    /// </summary>
    public TimeSpan DeadlineGrace { get; } = TimeSpan.FromMilliseconds(500);
}
