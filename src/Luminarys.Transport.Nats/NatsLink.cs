using System.Collections.Concurrent;
using Luminarys.Invocations;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Luminarys.Transport.Nats;

/// <summary>
/// One connection, used once. The client library would reconnect by itself and send on what it still holds; a link ends at the first loss
/// instead, so that nothing old is ever replayed and the bus decides when and where to dial again.
/// </summary>
internal sealed class NatsLink : IAsyncDisposable
{
    private static readonly TimeSpan s_dialLimit = TimeSpan.FromSeconds(5);

    private readonly NatsConnection _connection;
    private readonly ILogger _logger;
    private readonly BusLane _lane;
    private readonly CancellationTokenSource _lost = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ConcurrentDictionary<NatsSubscription, NatsFeed> _feeds = new();
    private volatile string _reason = "the connection was closed";
    private int _dials;

    private NatsLink(NatsOpts opts, string server, BusLane lane, TimeProvider time, ILogger logger)
    {
        (Server, _lane, _time, _start, _logger) = (server, lane, time, time.GetTimestamp(), logger);
        _connection = new NatsConnection(opts) { OnConnectingAsync = AdmitFirstDial };
        _connection.ServerError += OnServerErrorAsync;
    }

    /// <summary>Address without credentials.</summary>
    public string Server { get; }

    /// <summary>Why the link ended.</summary>
    public string Reason => _reason;

    /// <summary>Time since it was dialled.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_start);

    /// <summary>Cancelled when the link has ended.</summary>
    public CancellationToken Lost => _lost.Token;

    public int MaxPayload => _connection.ServerInfo?.MaxPayload ?? 0;

    public static async ValueTask<(NatsLink? Link, BusFault? Fault)> OpenAsync(
        NatsOpts opts, string server, BusLane lane, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var clientLog = new NatsClientLog(logger);
        var link = new NatsLink(opts with { Url = server, LoggerFactory = clientLog }, server, lane, time, logger);
        try
        {
            await link._connection.ConnectAsync().AsTask().WaitAsync(s_dialLimit, time, cancellationToken).ConfigureAwait(false);
            return (link, null);
        }
        catch (Exception exception)
        {
            // Broad on purpose: whatever the client throws is a fault of connecting, or the cancellation when there is one.
            var hasAnswered = link._connection.ServerInfo is not null;
            await link.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return (null, NatsFault.OfConnect(exception, clientLog.Last, server, hasAnswered));
        }
    }

    /// <summary>Makes the subscription active here; false when the link was lost meanwhile.</summary>
    public async ValueTask<bool> AttachAsync(NatsSubscription subscription)
    {
        var feed = new NatsFeed(_connection, subscription.Pattern, subscription.Inbox, () => EndAfterOverflow(subscription.Pattern));

        // The client itself holds feeds weakly.
        _feeds[subscription] = feed;
        try
        {
            await _connection.AddSubAsync(feed, Lost).ConfigureAwait(false);
            return !_lost.IsCancellationRequested;
        }
#pragma warning disable CA1031 // Whatever stopped it, a link that cannot subscribe is of no use and is made anew.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            End($"subscribing failed: {exception.Message}");
            return false;
        }
    }

    public async ValueTask DetachAsync(NatsSubscription subscription)
    {
        if (!_feeds.TryRemove(subscription, out var feed))
        {
            return;
        }

        try
        {
            await feed.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As above; a lost link has no subscriptions at the server.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            End($"unsubscribing failed: {exception.Message}");
        }
    }

    public ValueTask<InvocationError> PublishAsync(
        string subject, string? replyTo, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (_lost.IsCancellationRequested || _connection.ConnectionState != NatsConnectionState.Open)
        {
            return new(InvocationError.BusDown);
        }

        try
        {
            var sending = _connection.PublishAsync(
                subject, payload, headers: null, replyTo, NatsRawSerializer<ReadOnlyMemory<byte>>.Default, opts: null, cancellationToken);
            if (!sending.IsCompletedSuccessfully)
            {
                return FinishAsync(sending, cancellationToken);
            }

            sending.GetAwaiter().GetResult();
            return new(InvocationError.None);
        }
#pragma warning disable CA1031 // The fault map decides what each means; nothing of the client may escape.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new(PublishFailed(exception));
        }
    }

    /// <summary>A round trip to the server; false when the link was lost.</summary>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
        try
        {
            await _connection.PingAsync(end.Token).AsTask().WaitAsync(end.Token).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Every failure but the caller's own cancellation means the same: not flushed.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    public void End(string reason)
    {
        if (!_lost.IsCancellationRequested)
        {
            _reason = reason;

            // Not on this thread: it may be the one that reads the socket.
            _ = _lost.CancelAsync();
        }
    }

    /// <summary>Never throws. Takes up to the command limit when the server does not read any more.</summary>
    public async ValueTask DisposeAsync()
    {
        End("the bus let go");
        _connection.ServerError -= OnServerErrorAsync;
        try
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The library may fail to say good-bye to a server that is gone; the sockets are closed by then.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.LinkEndedBadly(_logger, _lane, exception.Message);
        }
    }

    private async ValueTask<InvocationError> FinishAsync(ValueTask sending, CancellationToken cancellationToken)
    {
        try
        {
            await sending.ConfigureAwait(false);
            return InvocationError.None;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return PublishFailed(exception);
        }
    }

    private InvocationError PublishFailed(Exception exception)
    {
        var error = NatsFault.OfPublish(exception);
        if (error == InvocationError.None)
        {
            Log.PublishUncertain(_logger, _lane, exception.Message);
            End("the server did not take what was sent in time");
        }

        return error;
    }

    // The client dials again on its own when it finds the connection broken: the earliest sign of a loss.
    private ValueTask<(string Host, int Port)> AdmitFirstDial((string Host, int Port) target)
    {
        if (Interlocked.Increment(ref _dials) == 1)
        {
            return new(target);
        }

        End("the connection broke or the server stopped answering");
        return ValueTask.FromException<(string Host, int Port)>(new NatsException("A link is dialled once."));
    }

    private void EndAfterOverflow(string pattern) => End($"the queue of {pattern} overflowed");

    private ValueTask OnServerErrorAsync(object? sender, NatsServerErrorEventArgs error)
    {
        if (error.Kind == NatsServerErrorKind.PermissionsViolation)
        {
            Log.PermissionDenied(_logger, _lane, error.Error);
        }
        else
        {
            Log.ServerReported(_logger, _lane, error.Error);
        }

        return ValueTask.CompletedTask;
    }
}
