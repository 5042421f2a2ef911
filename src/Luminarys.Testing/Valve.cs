namespace Luminarys.Testing;

/// <summary>Lets things happen in order, or holds them back and lets them happen in order later. Thread-safe.</summary>
internal sealed class Valve : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _held = new();
    private bool _isShut;
    private bool _isEmptying;

    /// <summary>Takes what must wait; false when it may happen now, and is the caller's to do.</summary>
    public bool TryHold(Func<Action> make)
    {
        lock (_gate)
        {
            if (!_isShut && !_isEmptying)
            {
                return false;
            }

            _held.Enqueue(make());
            return true;
        }
    }

    /// <summary>Holds back from now on, or no longer.</summary>
    public void Set(bool isShut)
    {
        lock (_gate)
        {
            _isShut = isShut;
            if (isShut || _isEmptying || _held.Count == 0)
            {
                return;
            }

            _isEmptying = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake() is { } next)
        {
            next();
        }
    }

    private Action? TryTake()
    {
        lock (_gate)
        {
            var next = _isShut || _held.Count == 0 ? null : _held.Dequeue();
            _isEmptying = next is not null;
            return next;
        }
    }
}
