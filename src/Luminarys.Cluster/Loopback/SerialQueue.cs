namespace Luminarys.Cluster.Loopback;

/// <summary>Handles one item at a time, in order, on the thread pool. Idle queues cost no thread.</summary>
internal sealed class SerialQueue<T>(Action<T> handle) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _items = new();
    private bool _isRunning;

    public void Enqueue(T item)
    {
        lock (_gate)
        {
            _items.Enqueue(item);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
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
