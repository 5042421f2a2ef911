using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Unicode;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary><c>ws_connect</c>, <c>ws_send</c> and <c>ws_close</c> of one skill.</summary>
internal sealed class WebSocketFunctions(SkillNetwork network, GuestHandlers handlers) : IHostFunctions
{
    /// <summary>Largest message from a peer, in bytes.</summary>
    public const int MaxMessage = 1024 * 1024;

    /// <summary>WebSockets of one skill at the same time.</summary>
    public const int MaxConnections = 8;

    private const int MaxReason = 123;

    private readonly ConnectionTable<WebSocketConnection> _connections = new(MaxConnections);
    private readonly WebSocketDial _dial = new(network, handlers);

    /// <summary>Connections that hold a place.</summary>
    public int OpenConnections => _connections.Count;

    /// <inheritdoc/>
    public HostFunction? Find(string name) => name switch
    {
        "ws_connect" => Connect,
        "ws_send" => Send,
        "ws_close" => Close,
        _ => null,
    };

    /// <inheritdoc/>
    public void OnInstanceDiscarded() => _connections.AbortAll();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connections.StopAsync();

    private string? Connect(HostCall host, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var call = WebSocketCall.Read(request);
        if (call.Callback.Length > 0 && !network.Services.Callbacks.HasMethod(call.Callback))
        {
            return "invalid argument: callback: the skill has no such method";
        }

        if (!_connections.TryReserve())
        {
            return _connections.FullText;
        }

        var (socket, error) = host.Await(_ => ConnectAsync(host, call));
        if (socket is null)
        {
            _connections.Release();
            return error;
        }

        var connection = new WebSocketConnection(socket, call.Callback, network, _connections);
        _connections.Add(connection);
        connection.Start();
        ConnectionAnswers.WriteId(answer, connection.Id);
        return null;
    }

    private async ValueTask<WebSocketOutcome> ConnectAsync(HostCall host, WebSocketCall call)
    {
        using var limit = new TimeLimit(host, call.TimeoutMs);
        try
        {
            return await _dial.OpenAsync(host, call, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return WebSocketOutcome.Failed(limit.Text);
        }
        catch (Exception exception) when (NetworkFault.Is(exception))
        {
            return WebSocketOutcome.Failed(limit.Token.IsCancellationRequested ? limit.Text : NetworkFault.Of(exception).Text);
        }
    }

    private string? Send(HostCall host, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var call = WebSocketCall.Read(request);
        if (!_connections.TryFind(call.ConnectionId, out var connection))
        {
            return "invalid argument: conn_id: no such connection";
        }

        if (call.MessageType is not ("" or "text" or "binary"))
        {
            return "invalid argument: message_type: not text or binary";
        }

        var type = call.MessageType == "binary" ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        if (type == WebSocketMessageType.Text && !Utf8.IsValid(call.Data.Span))
        {
            return "invalid argument: data: a text message is not UTF-8";
        }

        var error = host.Await(_ => SendAsync(host, connection, call.Data, type));
        if (error is null)
        {
            ConnectionAnswers.WriteEmpty(answer);
        }

        return error;
    }

    private static async ValueTask<string?> SendAsync(HostCall host, WebSocketConnection connection, ReadOnlyMemory<byte> data, WebSocketMessageType type)
    {
        using var limit = new TimeLimit(host, 0);
        try
        {
            await connection.SendAsync(data, type, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            return limit.Token.IsCancellationRequested ? limit.Text : "io: the connection was closed";
        }
        catch (Exception exception) when (NetworkFault.Is(exception))
        {
            return limit.Token.IsCancellationRequested ? limit.Text : NetworkFault.Of(exception).Text;
        }
    }

    private string? Close(HostCall host, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var call = WebSocketCall.Read(request);
        var code = call.Code == 0 ? (long)WebSocketCloseStatus.NormalClosure : call.Code;
        if (code is < 1000 or > 4999 or 1004 or 1005 or 1006 or 1015)
        {
            return "invalid argument: code: not a status that may be sent";
        }

        if (Encoding.UTF8.GetByteCount(call.Reason) > MaxReason)
        {
            return $"invalid argument: reason: longer than {MaxReason} bytes";
        }

        if (_connections.TryFind(call.ConnectionId, out var connection))
        {
            _connections.Remove(connection);
            host.Await(async token =>
            {
                await connection.CloseAsync((WebSocketCloseStatus)code, call.Reason, token).ConfigureAwait(false);
                return true;
            });
        }

        ConnectionAnswers.WriteEmpty(answer);
        return null;
    }
}
