using System.Net.WebSockets;
using System.Threading.Channels;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>
/// One WebSocket of a skill. One task receives, so that pings are answered while the skill is busy; another hands message after message to the skill's
/// callback. Between them is a short queue; a peer that fills it is sent away with 1013.
/// </summary>
internal sealed class WebSocketConnection : IConnection, IDisposable
{
    private const int QueueLength = 64;
    private const int QueueBytes = 4 * 1024 * 1024;
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;
    private const int NoStatus = 1006;
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(1);

    private readonly ClientWebSocket _socket;
    private readonly string _callback;
    private readonly SkillServices _services;
    private readonly ConnectionTable<WebSocketConnection> _table;
    private readonly IdleTimer _idle;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Channel<ConnectionEvent> _queue = Channel.CreateBounded<ConnectionEvent>(QueueLength);
    private int _queuedBytes;
    private volatile bool _isAborted;

    public WebSocketConnection(ClientWebSocket socket, string callback, SkillNetwork network, ConnectionTable<WebSocketConnection> table)
    {
        (_socket, _callback, _services, _table) = (socket, callback, network.Services, table);
        _idle = new(network.Setting.IdleTimeout, _services.Time, _stop);
    }

    /// <inheritdoc/>
    public string Id { get; } = ConnectionTable<WebSocketConnection>.CreateId('w');

    /// <inheritdoc/>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to receive. The connection is in its table by then.</summary>
    public void Start() => Completion = RunAsync();

    /// <summary>Sends one message.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, WebSocketMessageType type, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await _sending.WaitAsync(both.Token).ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(data, type, endOfMessage: true, both.Token).ConfigureAwait(false);
            _idle.Restart();
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says farewell, without waiting for the peer's, and ends the connection; no event follows.</summary>
    public async ValueTask CloseAsync(WebSocketCloseStatus code, string reason, CancellationToken cancellationToken)
    {
        _isAborted = true;
        await SayFarewellAsync(code, reason, cancellationToken).ConfigureAwait(false);
        Abort();
    }

    /// <inheritdoc/>
    public void Abort()
    {
        _isAborted = true;
        _idle.Dispose();
        _stop.Cancel();
        _socket.Abort();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _idle.Dispose();
        _socket.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var delivering = DeliverAsync();
            var end = await ReceiveAllAsync().ConfigureAwait(false);
            _table.Remove(this);
            Dispose();
            _queue.Writer.Complete();
            await delivering.ConfigureAwait(false);
            if (!_isAborted && _callback.Length > 0)
            {
                // The connection's own token may be what ended it.
                await _services.Callbacks.DeliverAsync(_callback, end.ToPayload(), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Nobody awaits this task in the ordinary course: a bug must be seen.
            Log.ConnectionFailed(_services.Logger, _services.Manifest.Id.Value, exception);
        }
        finally
        {
            _table.Remove(this);
            _table.Forget(this);
            Dispose();
        }
    }

    private async Task DeliverAsync()
    {
        await foreach (var message in _queue.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            Interlocked.Add(ref _queuedBytes, -message.Data.Length);
            if (!_isAborted && _callback.Length > 0)
            {
                await DeliverAsync(message).ConfigureAwait(false);
            }

            _idle.Resume();
        }
    }

    private async ValueTask DeliverAsync(ConnectionEvent message)
    {
        try
        {
            await _services.Callbacks.DeliverAsync(_callback, message.ToPayload(), _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The connection ended while the skill was busy with it.
            _isAborted |= !_idle.HasPassed;
        }
    }

    private async ValueTask<ConnectionEvent> ReceiveAllAsync()
    {
        try
        {
            while (true)
            {
                var (message, end) = await ReceiveAsync().ConfigureAwait(false);
                if (end is not null)
                {
                    return end;
                }

                // Until the skill is through with it.
                _idle.Pause();
                if (Interlocked.Add(ref _queuedBytes, message!.Data.Length) > QueueBytes || !_queue.Writer.TryWrite(message))
                {
                    await SendAwayAsync(TryAgainLater, "too many messages").ConfigureAwait(false);
                    return End(new(NetworkFault.Io, "messages came faster than the skill took them"), (int)TryAgainLater);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return End(new(NetworkFault.Timeout, "the connection was idle for too long"), NoStatus);
        }
        catch (Exception exception) when (NetworkFault.Is(exception))
        {
            return End(_idle.HasPassed ? new(NetworkFault.Timeout, "the connection was idle for too long") : NetworkFault.Of(exception), NoStatus);
        }
    }

    private async ValueTask<(ConnectionEvent? Message, ConnectionEvent? End)> ReceiveAsync()
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await SayFarewellAsync(WebSocketCloseStatus.NormalClosure, "", _stop.Token).ConfigureAwait(false);
                return (null, End(null, (int)(_socket.CloseStatus ?? (WebSocketCloseStatus)1005)) with { CloseText = _socket.CloseStatusDescription ?? "" });
            }

            if (body.Length + part.Count > WebSocketFunctions.MaxMessage)
            {
                await SendAwayAsync(WebSocketCloseStatus.MessageTooBig, "message too big").ConfigureAwait(false);
                return (null, End(new(NetworkFault.Io, $"a message was larger than {WebSocketFunctions.MaxMessage} bytes"), (int)WebSocketCloseStatus.MessageTooBig));
            }

            body.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                var type = part.MessageType == WebSocketMessageType.Text ? "text" : "binary";
                return (new(Id, body.GetBuffer().AsMemory(0, (int)body.Length), null) { MessageType = type }, null);
            }
        }
    }

    private ConnectionEvent End(NetworkFault? fault, int code) => new(Id, default, fault) { MessageType = "close", CloseCode = code };

    // What the peer still sends is read for a moment: closing on unread bytes would reset the connection before the peer has read why.
    private async ValueTask SendAwayAsync(WebSocketCloseStatus code, string reason)
    {
        await SayFarewellAsync(code, reason, _stop.Token).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(s_drain, _services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, limit.Token);
        var buffer = new byte[16 * 1024];
        try
        {
            while ((await _socket.ReceiveAsync(buffer.AsMemory(), both.Token).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
            {
                continue;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || NetworkFault.Is(exception))
        {
            var text = NetworkFault.Of(exception).Text;
            Log.FarewellFailed(_services.Logger, _services.Manifest.Id.Value, text);
        }
    }

    // A peer that does not take the farewell is not waited for.
    private async ValueTask SayFarewellAsync(WebSocketCloseStatus code, string reason, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_farewell, _services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _socket.CloseOutputAsync(code, reason, both.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || NetworkFault.Is(exception))
        {
            var text = NetworkFault.Of(exception).Text;
            Log.FarewellFailed(_services.Logger, _services.Manifest.Id.Value, text);
        }
    }
}
