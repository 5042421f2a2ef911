using System.Buffers;

namespace Luminarys.Ports;

/// <summary>
/// The queue between a bus connection and one subscription's handler, the same for every bus: bounded in messages and bytes, in order, one
/// message at a time on the thread pool, with payloads that live until the handler returns. Thread-safe.
/// </summary>
public sealed class BusInbox : IThreadPoolWorkItem
{
    /// <summary>Bytes that may wait before <see cref="BusOverflow"/> takes effect; one message is taken whatever its size.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<Item> _items = new();
    private readonly BusMessageHandler _handler;
    private readonly BusOverflow _overflow;
    private readonly int _capacity;
    private long _bytes;
    private bool _isRunning;
    private volatile bool _isClosed;

    /// <summary>Creates an empty inbox.</summary>
    /// <param name="handler">Called for one message at a time.</param>
    /// <param name="overflow">What a full inbox does.</param>
    /// <param name="capacity">Messages that may wait. As many overflow notices again may wait behind them.</param>
    public BusInbox(BusMessageHandler handler, BusOverflow overflow, int capacity)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (_handler, _overflow, _capacity) = (handler, overflow, capacity);
    }

    /// <summary>Raised when the handler threw; the message is lost and the next one follows.</summary>
    public event Action<Exception>? HandlerFailed;

    /// <summary>Raised when the last waiting message was handled.</summary>
    public event Action? Drained;

    /// <summary>
    /// Whether the pool thread that delivers takes the messages up itself as soon as it has nothing more to read: no other thread has to be woken for
    /// them, unless it is busy for long. For connections whose reader runs on the thread pool.
    /// </summary>
    public bool StaysWithReader { get; init; }

    /// <summary>Whether nothing waits; the last message may still be in its handler.</summary>
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

    /// <summary>
    /// Takes a copy of the message. False means that it is lost because everything is full: the connection must be dropped, so that both sides
    /// see a gap. A closed inbox takes and forgets everything.
    /// </summary>
    public bool TryDeliver(string subject, string? replyTo, in ReadOnlySequence<byte> payload, BusMessageKind kind)
    {
        if (_isClosed)
        {
            return true;
        }

        var item = new Item(subject, replyTo, payload, kind);
        lock (_gate)
        {
            if (!HasRoom(1))
            {
                if (_overflow != BusOverflow.Notify || !HasRoom(2))
                {
                    item.Release();
                    return false;
                }

                item = item with { Kind = BusMessageKind.Overflow };
            }

            _items.Enqueue(item);
            _bytes += item.Length;
            if (_isRunning)
            {
                return true;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, StaysWithReader);
        return true;
    }

    /// <summary>Begins no further handler call and forgets what waits; a call that runs may still be finishing.</summary>
    public void Close() => _isClosed = true;

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out var item))
        {
            Handle(item);
        }

        Drained?.Invoke();
    }

    private bool HasRoom(int stretches) => _items.Count == 0
        || (_items.Count < (long)_capacity * stretches && _bytes < (long)MaxBytes * stretches);

    private bool TryTake(out Item item)
    {
        lock (_gate)
        {
            _isRunning = _items.TryDequeue(out item);
            _bytes -= item.Length;
            return _isRunning;
        }
    }

    private void Handle(in Item item)
    {
        try
        {
            if (!_isClosed)
            {
                _handler(new BusMessage(item.Subject, item.ReplyTo, item.Payload.AsMemory(0, item.Length), item.Kind));
            }
        }
#pragma warning disable CA1031 // A handler's defect must not end the process or the subscription; the owner is told and logs it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            HandlerFailed?.Invoke(exception);
        }
        finally
        {
            item.Release();
        }
    }

    private readonly record struct Item
    {
        public Item(string subject, string? replyTo, in ReadOnlySequence<byte> payload, BusMessageKind kind)
        {
            (Subject, ReplyTo, Kind, Length) = (subject, replyTo, kind, (int)payload.Length);
            Payload = Length == 0 ? [] : ArrayPool<byte>.Shared.Rent(Length);
            payload.CopyTo(Payload);
        }

        public string Subject { get; }

        public string? ReplyTo { get; }

        public BusMessageKind Kind { get; init; }

        public int Length { get; }

        public byte[] Payload { get; }

        public void Release()
        {
            if (Payload.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(Payload);
            }
        }
    }
}
