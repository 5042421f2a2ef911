using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Messaging;

/// <summary>
/// Messages about calls that leave for the same place at the same moment and go together: a server's work is by the message, not by the byte. The first one
/// waits for a turn of the thread pool, and takes with it what was added until then. Thread-safe.
/// </summary>
/// <typeparam name="T">What a message is about.</typeparam>
/// <param name="bus">The connection.</param>
/// <param name="subject">Where bundles go.</param>
/// <param name="noticesTo">Where the bus says that nobody listens, for what is about to leave; null when it need not.</param>
/// <param name="sent">Told of each message what the bus answered, or the bus's defect.</param>
internal sealed class BundleQueue<T>(IBus bus, string subject, Func<IReadOnlyList<T>, string>? noticesTo, Action<T, InvocationError, Exception?> sent) : IThreadPoolWorkItem
{
    /// <summary>Calls between two processes from which on it pays to wait for one another.</summary>
    public const int Many = 4;

    private const int Crowd = Bundle.MaxMessages / 4;

    private readonly Lock _gate = new();
    private readonly Queue<(T Item, CallId Id, PooledBuffer Message)> _waiting = new();
    private readonly List<T> _items = [];
    private readonly List<PooledBuffer> _buffers = [];
    private readonly List<(CallId Id, ReadOnlyMemory<byte> Bytes)> _messages = [];
    private bool _isRunning;

    /// <summary>Adds a message, of which the queue disposes.</summary>
    public void Add(T item, CallId id, PooledBuffer message)
    {
        lock (_gate)
        {
            _waiting.Enqueue((item, id, message));
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        // Behind whoever is about to add one as well.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAllAsync();

    private async Task SendAllAsync()
    {
        while (TryTake())
        {
            var (error, defect) = (InvocationError.Internal, (Exception?)null);
            try
            {
                error = await SendAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Nobody awaits the sending: the defect goes to whoever the messages are about.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                defect = exception;
            }

            foreach (var item in _items)
            {
                sent(item, error, defect);
            }

            if (_items.Count >= Crowd)
            {
                await KeepPaceAsync().ConfigureAwait(false);
            }
        }
    }

    // Under heavy load the server sets the pace: what comes until it has taken the last bundle goes together.
    private async ValueTask KeepPaceAsync()
    {
        try
        {
            await bus.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // What is still to be sent is told so by the bus itself.
        }
    }

    private async ValueTask<InvocationError> SendAsync()
    {
        using var bundle = new PooledBuffer();
        Bundle.Write(bundle, _messages);
        _buffers.ForEach(buffer => buffer.Dispose());
        try
        {
            return await bus.PublishAsync(subject, noticesTo?.Invoke(_items), bundle.Written, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The node is being taken down; to the sender that is a bus that is gone.
            return InvocationError.BusDown;
        }
    }

    private bool TryTake()
    {
        _items.Clear();
        _buffers.Clear();
        _messages.Clear();
        var (bytes, limit) = (0, Math.Min(Bundle.MaxBytes, bus.MaxPayload / 2));
        lock (_gate)
        {
            while (_items.Count < Bundle.MaxMessages && _waiting.TryPeek(out var next))
            {
                bytes += next.Message.Written.Length;
                if (bytes > limit && _items.Count > 0)
                {
                    break;
                }

                _waiting.Dequeue();
                _items.Add(next.Item);
                _buffers.Add(next.Message);
                _messages.Add((next.Id, next.Message.Written));
            }

            _isRunning = _items.Count > 0;
            return _isRunning;
        }
    }
}
