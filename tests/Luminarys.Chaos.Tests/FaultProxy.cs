using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Luminarys.Chaos;

/// <summary>
/// Stands between a node and the bus, on loopback, and passes bytes on, or does not. Faults are set per direction; both lanes of a node go through
/// the same proxy.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly Task _accepting;

    public FaultProxy(int target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>From the node to the server.</summary>
    public FaultLane ToServer { get; } = new();

    /// <summary>From the server to the node.</summary>
    public FaultLane ToNode { get; } = new();

    /// <summary>Whether new connections are broken at once.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Connections that are open.</summary>
    public int Connections => _pairs.Count;

    /// <summary>Breaks every connection.</summary>
    public void Cut()
    {
        foreach (var (node, server) in _pairs)
        {
            Reset(node, server);
        }
    }

    /// <summary>Ends every fault.</summary>
    public void Heal()
    {
        IsClosed = false;
        ToServer.Heal();
        ToNode.Heal();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stopping.Token));
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task ServeAsync(Socket node)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        node.NoDelay = true;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        _pairs[node] = server;
        try
        {
            if (!IsClosed)
            {
                await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), ending.Token);
                var there = PumpAsync(node, server, ToServer, ending.Token);
                var back = PumpAsync(server, node, ToNode, ending.Token);
                await Task.WhenAny(there, back);
                await ending.CancelAsync();
                await Task.WhenAll(there, back);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Broken by a fault or by one of the two sides: the other one must see it too.
        }
        finally
        {
            _pairs.TryRemove(node, out _);
            Reset(node, server);
        }
    }

    // Ends without an exception when the sender ended, or when the lane broke the connection.
    private static async Task PumpAsync(Socket from, Socket to, FaultLane lane, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
        {
            var admitted = await lane.AdmitAsync(count, cancellationToken);
            for (var sent = 0; sent < admitted;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, admitted - sent), cancellationToken);
            }

            if (admitted < count)
            {
                return;
            }
        }
    }

    // What was sent still arrives on loopback; then both sides see an abrupt end.
    private static void Reset(Socket node, Socket server)
    {
        node.Close(0);
        server.Close(0);
    }
}
