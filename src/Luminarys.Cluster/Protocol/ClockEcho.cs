namespace Luminarys.Cluster.Protocol;

/// <summary>
/// The receiver's own clock, sent back to it: it tells how old a message is at most, without clocks in common.
/// </summary>
/// <param name="T0">Milliseconds on the receiver's monotonic clock when it sent its last heartbeat.</param>
/// <param name="AgeMs">Milliseconds between the arrival of that heartbeat and the sending of this message.</param>
internal readonly record struct ClockEcho(long T0, long AgeMs);
