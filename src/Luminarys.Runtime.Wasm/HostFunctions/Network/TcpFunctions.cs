using System.Buffers;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary><c>tcp_request</c>, and the connections that live on between calls: <c>tcp_connect</c> and what belongs to it.</summary>
internal sealed class TcpFunctions(SkillNetwork network) : IHostFunctions
{
    /// <summary>Connections of one skill at the same time, those of <c>tcp_request</c> among them.</summary>
    public const int MaxConnections = 16;

    private const int StandardBytes = 1024 * 1024;
    private const int Overhead = 1024;

    private readonly ConnectionTable<TcpConnection> _connections = new(MaxConnections);
    private readonly TcpDial _dial = new(network);

    /// <summary>Connections that hold a place.</summary>
    public int OpenConnections => _connections.Count;

    private SkillServices Services => network.Services;

    /// <inheritdoc/>
    public HostFunction? Find(string name) => name switch
    {
        "tcp_request" => Request,
        "tcp_connect" => Connect,
        "tcp_set_callback" => SetCallback,
        "tcp_write" => Write,
        "tcp_close" => Close,
        _ => null,
    };

    /// <inheritdoc/>
    public void OnInstanceDiscarded() => _connections.AbortAll();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connections.StopAsync();

    private string? Request(HostCall host, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var call = TcpCall.Read(request);
        var (data, error) = host.Await(_ => RequestAsync(host, call));
        if (error is null)
        {
            ConnectionAnswers.WriteData(answer, data.Span);
        }

        return error;
    }

    private async ValueTask<(ReadOnlyMemory<byte> Data, string? Error)> RequestAsync(HostCall host, TcpCall call)
    {
        if (!_connections.TryReserve())
        {
            return (default, _connections.FullText);
        }

        using var limit = new TimeLimit(host, call.TimeoutMs);
        try
        {
            var dialled = await _dial.OpenAsync(host, "tcp_request", call, limit.Token).ConfigureAwait(false);
            if (dialled.Stream is null)
            {
                return (default, dialled.Error);
            }

            var wanted = call.MaxBytes > 0 ? call.MaxBytes : StandardBytes;
            var maxBytes = (int)Math.Min(wanted, network.MaxAnswer - Overhead);
            var data = await new TcpExchange(dialled.Stream, host.Time).RunAsync(call.Data, maxBytes, limit.Token).ConfigureAwait(false);
            return data is { } received ? (received, null) : (default, limit.Text);
        }
        catch (OperationCanceledException)
        {
            return (default, limit.Text);
        }
        catch (Exception exception) when (NetworkFault.Is(exception))
        {
            return (default, limit.Token.IsCancellationRequested ? limit.Text : NetworkFault.Of(exception).Text);
        }
        finally
        {
            _connections.Release();
        }
    }

    private string? Connect(HostCall host, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var call = TcpCall.Read(request);
        if (UnknownCallback(call.Callback) is { } unknown)
        {
            return unknown;
        }

        if (!_connections.TryReserve())
        {
            return _connections.FullText;
        }

        var (connection, error) = host.Await(_ => ConnectAsync(host, call));
        if (connection is null)
        {
            _connections.Release();
            return error;
        }

        _connections.Add(connection);
        connection.Start();
        ConnectionAnswers.WriteId(answer, connection.Id);
        return null;
    }

    private async ValueTask<(TcpConnection? Connection, string? Error)> ConnectAsync(HostCall host, TcpCall call)
    {
        using var limit = new TimeLimit(host, call.TimeoutMs);
        try
        {
            var dialled = await _dial.OpenAsync(host, "tcp_connect", call, limit.Token).ConfigureAwait(false);
            return (dialled.Stream is null ? null : new TcpConnection(dialled.Stream, call.Callback, network, _connections), dialled.Error);
        }
        catch (OperationCanceledException)
        {
            return (null, limit.Text);
        }
        catch (Exception exception) when (NetworkFault.Is(exception))
        {
            return (null, limit.Token.IsCancellationRequested ? limit.Text : NetworkFault.Of(exception).Text);
        }
    }

    private string? SetCallback(HostCall host, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var call = TcpCall.Read(request);
        if (UnknownCallback(call.Callback) is { } unknown)
        {
            return unknown;
        }

        if (!_connections.TryFind(call.ConnectionId, out var connection))
        {
            return UnknownConnection;
        }

        connection.Callback = call.Callback;
        ConnectionAnswers.WriteEmpty(answer);
        return null;
    }

    private string? Write(HostCall host, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var call = TcpCall.Read(request);
        if (!_connections.TryFind(call.ConnectionId, out var connection))
        {
            return UnknownConnection;
        }

        var error = host.Await(_ => WriteAsync(host, connection, call.Data));
        if (error is null)
        {
            ConnectionAnswers.WriteEmpty(answer);
        }

        return error;
    }

    private static async ValueTask<string?> WriteAsync(HostCall host, TcpConnection connection, ReadOnlyMemory<byte> data)
    {
        using var limit = new TimeLimit(host, 0);
        try
        {
            await connection.WriteAsync(data, limit.Token).ConfigureAwait(false);
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
        if (_connections.TryFind(TcpCall.Read(request).ConnectionId, out var connection))
        {
            _connections.Remove(connection);
            connection.Abort();
        }

        ConnectionAnswers.WriteEmpty(answer);
        return null;
    }

    private static string UnknownConnection => "invalid argument: conn_id: no such connection";

    private string? UnknownCallback(string callback) =>
        callback.Length == 0 || Services.Callbacks.HasMethod(callback) ? null : "invalid argument: callback: the skill has no such method";
}
