namespace Luminarys.Cluster.Protocol;

/// <summary>
/// The receiver's own clock, sent back to it: it tells how old a message is at most, without clocks in common.
/// </summary>
/// <param name="T0">Milliseconds on the receiver's monotonic clock when it sent its last heartbeat or, of a master, its last answer to one.</param>
/// <param name="AgeMs">Milliseconds between the arrival of that and the sending of this message.</param>
internal readonly record struct ClockEcho(long T0, long AgeMs)
{
    /// <summary>Whether a message of which this is the echo, and which was worth acting on for so long, is too old by the receiver's clock.</summary>
    public bool IsOlderThan(uint ttlMs, TimeSpan now) => now.TotalMilliseconds - T0 - AgeMs > ttlMs;
}
