namespace Luminarys.Runtime.Wasm.Tests;

/// <summary>A clock that stands at 2026-01-01 UTC, timestamp 0, until it is advanced. Its timers never fire; the runtime polls it at each epoch tick.</summary>
internal sealed class ManualClock : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("Europe/Moscow", TimeSpan.FromHours(3), null, null);

    public void Advance(TimeSpan duration) => Interlocked.Add(ref _ticks, duration.Ticks);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => s_start + TimeSpan.FromTicks(GetTimestamp());
}
