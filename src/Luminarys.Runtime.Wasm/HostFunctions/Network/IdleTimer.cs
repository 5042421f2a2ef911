namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Ends a connection on which nothing moved for too long. Thread-safe.</summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _target;
    private volatile bool _hasPassed;

    public IdleTimer(TimeSpan limit, TimeProvider time, CancellationTokenSource target)
    {
        (_limit, _target) = (limit, target);
        _timer = time.CreateTimer(static state => ((IdleTimer)state!).Pass(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it was this that ended the connection.</summary>
    public bool HasPassed => _hasPassed;

    /// <summary>Something moved.</summary>
    public void Restart() => _timer.Change(_limit, Timeout.InfiniteTimeSpan);

    /// <summary>Somebody else is busy with what moved: that is not idle. Ends with <see cref="Restart"/>.</summary>
    public void Pause() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    private void Pass()
    {
        _hasPassed = true;
        _target.Cancel();
    }
}
