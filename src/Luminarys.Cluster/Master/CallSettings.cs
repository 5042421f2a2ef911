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

    /// <summary>How long the node's process may be silent before it is probed.</summary>
    public TimeSpan ProbeAfter => AcknowledgementWait / 4;

    /// <summary>How long a call whose node's process does not answer a probe waits for a late frame all the same.</summary>
    public TimeSpan DeadWait => AcknowledgementWait * 3 / 4;

    /// <summary>How long an answer to a question about a call may take.</summary>
    public TimeSpan QueryWait => AcknowledgementWait / 2;

    /// <summary>How often a call is asked about in a row before nobody knows what became of it.</summary>
    public int Queries { get; } = 3;
}
