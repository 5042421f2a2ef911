namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Ends a connection on which nothing moved for too long. Stands still while somebody is busy with what moved. Thread-safe.</summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _target;
    private int _busy;
    private volatile bool _hasPassed;

    public IdleTimer(TimeSpan limit, TimeProvider time, CancellationTokenSource target)
    {
        (_limit, _target) = (limit, target);
        _timer = time.CreateTimer(static state => ((IdleTimer)state!).Pass(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it was this that ended the connection.</summary>
    public bool HasPassed => _hasPassed;

    /// <summary>Something moved. Does not end a pause: a skill that writes from its callback is still busy.</summary>
    public void Restart() => Change(0);

    /// <summary>Somebody is busy with what moved: that is not idle. Each pause ends with a <see cref="Resume"/> of its own.</summary>
    public void Pause() => Change(1);

    /// <summary>Ends a pause; the time begins anew when it was the last one.</summary>
    public void Resume() => Change(-1);

    public void Dispose() => _timer.Dispose();

    private void Change(int busy)
    {
        lock (_gate)
        {
            _busy += busy;
            _timer.Change(_busy == 0 ? _limit : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Pass()
    {
        _hasPassed = true;
        _target.Cancel();
    }
}
