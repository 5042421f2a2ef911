using Luminarys.Invocations;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Transport.Nats;

/// <summary>The bus on a NATS server: keeps one link at a time and gives each new one all subscriptions before it says that it is up.</summary>
internal sealed class NatsBus : IBus
{
    private const int UsualMaxPayload = 1024 * 1024;

    private readonly NatsTransportOptions _options;
    private readonly BusLane _lane;
    private readonly ILogger<NatsBus> _logger;
    private readonly NatsDialer _dialer;
    private readonly Lock _gate = new();
    private readonly List<NatsSubscription> _subscriptions = [];
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private volatile NatsLink? _link;
    private volatile BusStatus _status = BusStatus.Down;
    private volatile int _maxPayload = UsualMaxPayload;
    private Task? _maintenance;

    public NatsBus(NatsTransportOptions options, BusLane lane, TimeProvider time, ILogger<NatsBus> logger)
    {
        (_options, _lane, _logger) = (options, lane, logger);
        _dialer = new NatsDialer(options, lane, AdoptAsync, time, logger);
    }

    public event Action<BusStatus>? StatusChanged;

    public BusStatus Status => _status;

    public int MaxPayload => _maxPayload;

    public async ValueTask<BusFault?> ConnectAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await _connecting.WaitAsync(stop.Token).ConfigureAwait(false);
        try
        {
            if (_maintenance is not null)
            {
                return _status == BusStatus.Up ? null : new(InvocationError.BusDown, "NATS is lost at the moment; the bus is reconnecting");
            }

            var (link, fault) = await _dialer.FirstAsync(stop.Token).ConfigureAwait(false);
            if (link is not null)
            {
                SetStatus(BusStatus.Up);
                _maintenance = MaintainAsync(link);
            }

            return fault;
        }
        finally
        {
            _connecting.Release();
        }
    }

    public ValueTask<InvocationError> PublishAsync(
        string subject, string? replyTo, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<InvocationError>(cancellationToken);
        }

        if (!BusSubject.IsValid(subject) || (replyTo is not null && !BusSubject.IsValid(replyTo)))
        {
            return new(InvocationError.BadArgument);
        }

        if (payload.Length > _maxPayload)
        {
            return new(InvocationError.PayloadTooLarge);
        }

        return _link is { } link ? link.PublishAsync(subject, replyTo, payload, cancellationToken) : new(InvocationError.BusDown);
    }

    public async ValueTask<IAsyncDisposable> SubscribeAsync(
        string pattern, BusOverflow overflow, BusMessageHandler handler, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!BusSubject.IsValidPattern(pattern))
        {
            throw new ArgumentException("This is not a subject or pattern of the bus.", nameof(pattern));
        }

        var inbox = new BusInbox(handler, overflow, _options.QueueLength) { StaysWithReader = true };
        inbox.HandlerFailed += exception => Log.HandlerFailed(_logger, _lane, pattern, exception);
        var subscription = new NatsSubscription(this, pattern, inbox);
        NatsLink? link;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _subscriptions.Add(subscription);
            link = _link;
        }

        try
        {
            // Without a link, or when this one is lost meanwhile, the next link takes it on.
            if (link is not null && await link.AttachAsync(subscription).ConfigureAwait(false))
            {
                await link.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            return subscription;
        }
        catch (OperationCanceledException)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken) =>
        _link is { } link && await link.FlushAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            _stop.Cancel();
            _subscriptions.ForEach(subscription => subscription.Inbox.Close());
            _subscriptions.Clear();
        }

        // Taken and kept: no connection is being made any more, and none will be.
        await _connecting.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        if (_maintenance is not null)
        {
            await _maintenance.ConfigureAwait(false);
        }

        SetStatus(BusStatus.Closed);
    }

    internal async ValueTask UnsubscribeAsync(NatsSubscription subscription)
    {
        NatsLink? link;
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
            link = _link;
        }

        if (link is not null)
        {
            await link.DetachAsync(subscription).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the link every subscription, then makes it the bus's own; false when it was lost meanwhile.</summary>
    private async ValueTask<bool> AdoptAsync(NatsLink link, CancellationToken stop)
    {
        try
        {
            var attached = new HashSet<NatsSubscription>();
            while (true)
            {
                foreach (var subscription in Missing(attached))
                {
                    await link.AttachAsync(subscription).ConfigureAwait(false);
                }

                if (!await link.FlushAsync(stop).ConfigureAwait(false))
                {
                    return false;
                }

                if (TryOwn(link, attached))
                {
                    break;
                }
            }

            foreach (var ended in attached.Except(Current()))
            {
                await link.DetachAsync(ended).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            if (_link != link)
            {
                await link.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private NatsSubscription[] Current()
    {
        lock (_gate)
        {
            return [.. _subscriptions];
        }
    }

    private IEnumerable<NatsSubscription> Missing(HashSet<NatsSubscription> attached) => Current().Where(attached.Add);

    // From here on a new subscription is attached by whoever makes it; until here, by the loop above.
    private bool TryOwn(NatsLink link, HashSet<NatsSubscription> attached)
    {
        lock (_gate)
        {
            if (!_subscriptions.TrueForAll(attached.Contains))
            {
                return false;
            }

            (_maxPayload, _link) = (link.MaxPayload, link);
        }

        Log.BusConnected(_logger, _lane, link.Server);
        return true;
    }

    private async Task MaintainAsync(NatsLink link)
    {
        while (true)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, link.Lost).WaitAsync(_stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _link = null;

            // Letting go of a server that does not read takes seconds; the next connection does not wait for it.
            var release = link.DisposeAsync().AsTask();
            try
            {
                _stop.Token.ThrowIfCancellationRequested();
                Log.BusLost(_logger, _lane, link.Server, link.Reason);
                SetStatus(BusStatus.Down);
                link = await _dialer.NextAsync(link.Age, _stop.Token).ConfigureAwait(false);
                SetStatus(BusStatus.Up);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            finally
            {
                await release.ConfigureAwait(false);
            }
        }
    }

    private void SetStatus(BusStatus status)
    {
        _status = status;
        try
        {
            StatusChanged?.Invoke(status);
        }
#pragma warning disable CA1031 // A listener's defect must not end the reconnect loop; it is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.StatusHandlerFailed(_logger, _lane, exception);
        }
    }
}
