namespace Luminarys.Testing;

/// <summary>The clock of one node: it goes on while the node is stopped, but no timer runs, as in a process that the system has stopped. Thread-safe.</summary>
internal sealed class NodeTime(TimeProvider time) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<StoppableTimer> _due = [];
    private bool _isStopped;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new StoppableTimer(this, () => callback(state));
        timer.Bind(time.CreateTimer(static timer => ((StoppableTimer)timer!).Fire(), timer, dueTime, period));
        return timer;
    }

    /// <summary>Runs no timer any more.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
        }
    }

    /// <summary>Runs timers again, and each that became due meanwhile once.</summary>
    public void GoOn()
    {
        StoppableTimer[] due;
        lock (_gate)
        {
            _isStopped = false;
            due = [.. _due];
            _due.Clear();
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    private sealed class StoppableTimer(NodeTime owner, Action run) : ITimer
    {
        private ITimer? _inner;

        public void Bind(ITimer inner) => Volatile.Write(ref _inner, inner);

        public void Fire()
        {
            lock (owner._gate)
            {
                if (owner._isStopped)
                {
                    owner._due.Add(this);
                    return;
                }
            }

            run();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Forget();
            return Volatile.Read(ref _inner)?.Change(dueTime, period) ?? false;
        }

        public void Dispose()
        {
            Forget();
            Volatile.Read(ref _inner)?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Forget()
        {
            lock (owner._gate)
            {
                owner._due.Remove(this);
            }
        }
    }
}
