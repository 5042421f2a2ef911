namespace Luminarys.Cluster.Loopback;

/// <summary>Handles one item at a time, in order, on the thread pool. Idle queues cost no thread.</summary>
internal sealed class SerialQueue<T>(Action<T> handle) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _items = new();
    private bool _isRunning;

    /// <summary>Adds the item unless <paramref name="limit"/> items are waiting already.</summary>
    public bool TryEnqueue(T item, int limit = int.MaxValue)
    {
        lock (_gate)
        {
            if (_items.Count >= limit)
            {
                return false;
            }

            _items.Enqueue(item);
            if (_isRunning)
            {
                return true;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Whether nothing is waiting; the last item may still be in its handler.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _items.Count == 0;
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryDequeue(out var item))
        {
            handle(item);
        }
    }

    private bool TryDequeue(out T item)
    {
        lock (_gate)
        {
            _isRunning = _items.TryDequeue(out item!);
            return _isRunning;
        }
    }
}
