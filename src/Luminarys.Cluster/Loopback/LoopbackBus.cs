using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Loopback;

/// <summary>One connection to a <see cref="LoopbackHub"/>: the bus of nodes that live in one process.</summary>
public sealed class LoopbackBus : IBus
{
    private readonly LoopbackHub _hub;
    private readonly Lock _gate = new();
    private readonly List<LoopbackSubscription> _subscriptions = [];
    private readonly SerialQueue<BusStatus> _notices;
    private volatile BusStatus _status = BusStatus.Down;
    private bool _isConnected;
    private bool _isCut;
    private int _overflows;
    private bool _isDisposed;

    /// <summary>Creates a connection that does not stand yet.</summary>
    /// <param name="hub">The server it connects to.</param>
    public LoopbackBus(LoopbackHub hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        _hub = hub;
        _notices = new(Announce);
    }

    /// <inheritdoc/>
    public event Action<BusStatus>? StatusChanged;

    /// <inheritdoc/>
    public BusStatus Status => _status;

    /// <inheritdoc/>
    public int MaxPayload => LoopbackHub.MaxPayload;

    /// <summary>Messages that may wait on one subscription before its overflow policy takes effect.</summary>
    public int QueueLength { get; init; } = 8192;

    /// <inheritdoc/>
    public ValueTask<BusFault?> ConnectAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_status == BusStatus.Closed, this);
        lock (_gate)
        {
            if (_isCut)
            {
                return new(new BusFault(InvocationError.BusDown, "the loopback connection is cut"));
            }

            _isConnected = true;
            Apply();
        }

        return new((BusFault?)null);
    }

    /// <inheritdoc/>
    public ValueTask<InvocationError> PublishAsync(
        string subject, string? replyTo, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<InvocationError>(cancellationToken);
        }

        var error = Refuse(subject, replyTo, payload.Length);
        if (error == InvocationError.None)
        {
            _hub.Publish(this, subject, replyTo, payload);
        }

        return new(error);
    }

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> SubscribeAsync(
        string pattern, BusOverflow overflow, BusMessageHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handler);
        cancellationToken.ThrowIfCancellationRequested();
        if (!BusSubject.IsValidPattern(pattern))
        {
            throw new ArgumentException("This is not a subject or pattern of the bus.", nameof(pattern));
        }

        var subscription = new LoopbackSubscription(this, pattern, new BusInbox(handler, overflow, QueueLength));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _subscriptions.Add(subscription);
            if (_status == BusStatus.Up)
            {
                _hub.Attach([subscription]);
            }
        }

        return new(subscription);
    }

    /// <inheritdoc/>
    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_status == BusStatus.Up);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        LoopbackSubscription[] subscriptions;
        lock (_gate)
        {
            _isDisposed = true;
            Apply();
            subscriptions = [.. _subscriptions];
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Close();
        }

        return ValueTask.CompletedTask;
    }

    internal void SetCut(bool isCut)
    {
        lock (_gate)
        {
            _isCut = isCut;
            Apply();
        }
    }

    internal void DropAfterOverflow(string pattern)
    {
        Log.LoopbackQueueOverflowed(_hub.Logger, pattern, QueueLength);
        lock (_gate)
        {
            _overflows++;
            Apply();
        }
    }

    internal void RecoverFromOverflow()
    {
        lock (_gate)
        {
            _overflows--;
            Apply();
        }
    }

    internal void Unsubscribe(LoopbackSubscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.Remove(subscription) && _status == BusStatus.Up)
            {
                _hub.Detach([subscription]);
            }
        }
    }

    internal void HandlerFailed(string pattern, Exception exception) => Log.LoopbackHandlerFailed(_hub.Logger, pattern, exception);

    private InvocationError Refuse(string subject, string? replyTo, int length)
    {
        if (!BusSubject.IsValid(subject) || (replyTo is not null && !BusSubject.IsValid(replyTo)))
        {
            return InvocationError.BadArgument;
        }

        if (length > LoopbackHub.MaxPayload)
        {
            return InvocationError.PayloadTooLarge;
        }

        return _status == BusStatus.Up ? InvocationError.None : InvocationError.BusDown;
    }

    // Under the gate: works out the status and makes the hub and the listeners follow it.
    private void Apply()
    {
        var status = _isDisposed ? BusStatus.Closed
            : _isConnected && !_isCut && _overflows == 0 ? BusStatus.Up
            : BusStatus.Down;
        if (status == _status)
        {
            return;
        }

        if (status == BusStatus.Up)
        {
            _hub.Attach(_subscriptions);
        }
        else if (_status == BusStatus.Up)
        {
            _hub.Detach(_subscriptions);
        }

        _status = status;
        _notices.Enqueue(status);
    }

    private void Announce(BusStatus status)
    {
        try
        {
            StatusChanged?.Invoke(status);
        }
#pragma warning disable CA1031 // A listener's defect must not end the process; it is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.LoopbackStatusHandlerFailed(_hub.Logger, exception);
        }
    }
}
