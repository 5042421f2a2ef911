namespace Luminarys.Testing;

/// <summary>A clock that moves when it is told to, and then runs the timers that are due, in their order. Thread-safe.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => s_start + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (TakeDue(end) is { } timer)
        {
            timer.Run();
        }

        Volatile.Write(ref _now, end);
    }

    private VirtualTimer? TakeDue(long end)
    {
        lock (_gate)
        {
            var next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > end)
            {
                return null;
            }

            Volatile.Write(ref _now, Math.Max(_now, next.Due));
            if (next.Period > 0)
            {
                next.Due += next.Period;
            }
            else
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private sealed class VirtualTimer(VirtualTime time, Action run) : ITimer
    {
        private bool _isDisposed;

        public long Due { get; set; }

        public long Period { get; private set; }

        public void Run() => run();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                (Due, Period) = (time._now + dueTime.Ticks, period.Ticks);
                if (!_isDisposed && dueTime != Timeout.InfiniteTimeSpan)
                {
                    time._timers.Add(this);
                }

                return !_isDisposed;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _isDisposed = true;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
