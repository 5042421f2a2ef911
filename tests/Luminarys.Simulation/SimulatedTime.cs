namespace Luminarys.Simulation;

/// <summary>The clocks of one machine: a monotonic one with a start of its own, and a wall clock that may be stepped.</summary>
internal sealed class SimulatedTime(Scheduler scheduler, TimeSpan bootedBefore) : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How wrong the wall clock is.</summary>
    public TimeSpan WallStep { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (scheduler.Now + bootedBefore).Ticks;

    public override DateTimeOffset GetUtcNow() => s_start + scheduler.Now + WallStep;
}
