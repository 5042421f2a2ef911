namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// Counts what one version of a skill has begun and not ended: calls, commands, callbacks. Its successor sees by it when it has ended. Thread-safe and
/// without a lock, because every call passes here.
/// </summary>
internal sealed class WorkCount
{
    private const long Closed = 1L << 62;

    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;

    /// <summary>Begins work that comes from outside; answers false when it belongs to the successor.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) < Closed)
        {
            return true;
        }

        Exit();
        return false;
    }

    /// <summary>Begins work that follows from work which has not ended yet.</summary>
    public void Enter() => Interlocked.Increment(ref _count);

    /// <summary>Ends work.</summary>
    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == Closed)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Lets nothing more in from outside; the task completes when all has ended. To be called once.</summary>
    public Task CloseAsync()
    {
        if (Interlocked.Add(ref _count, Closed) == Closed)
        {
            _idle.TrySetResult();
        }

        return _idle.Task;
    }
}
