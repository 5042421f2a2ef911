using System.Net;
using System.Net.Sockets;

namespace Luminarys.Chaos;

/// <summary>Each fault does what its name says, and only in its direction.</summary>
public sealed class FaultProxyTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pass_BothWays_BytesArriveAsTheyWere()
    {
        await using var wire = await Wire.OpenAsync();

        await wire.Node.SendAsync("abc"u8.ToArray(), Cancellation);
        await wire.Server.SendAsync("defg"u8.ToArray(), Cancellation);

        Assert.Equal("abc", await ReadAsync(wire.Server, 3));
        Assert.Equal("defg", await ReadAsync(wire.Node, 4));
    }

    [Fact]
    public async Task Stall_OneWay_HoldsThatWayUntilHealedAndLosesNothing()
    {
        await using var wire = await Wire.OpenAsync();
        wire.Proxy.ToServer.Stall();

        await wire.Node.SendAsync("held"u8.ToArray(), Cancellation);
        await wire.Server.SendAsync("free"u8.ToArray(), Cancellation);

        Assert.Equal("free", await ReadAsync(wire.Node, 4));
        Assert.False(wire.Server.Poll(s_quiet, SelectMode.SelectRead));
        wire.Proxy.Heal();
        Assert.Equal("held", await ReadAsync(wire.Server, 4));
    }

    [Fact]
    public async Task CutAfter_InTheMiddleOfAMessage_PassesExactlySoMuchAndBreaks()
    {
        await using var wire = await Wire.OpenAsync();
        wire.Proxy.ToServer.CutAfter(5);

        await wire.Node.SendAsync("12345678"u8.ToArray(), Cancellation);

        Assert.Equal("12345", await ReadAsync(wire.Server, 5));
        Assert.True(await EndsAsync(wire.Server));
        Assert.True(await EndsAsync(wire.Node));
    }

    [Fact]
    public async Task Cut_OpenConnection_BreaksBothSides()
    {
        await using var wire = await Wire.OpenAsync();

        wire.Proxy.Cut();

        Assert.True(await EndsAsync(wire.Server));
        Assert.True(await EndsAsync(wire.Node));
    }

    [Fact]
    public async Task Delay_Piece_ArrivesLater()
    {
        await using var wire = await Wire.OpenAsync();
        wire.Proxy.ToServer.Delay = s_quiet;

        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        await wire.Node.SendAsync("x"u8.ToArray(), Cancellation);

        Assert.Equal("x", await ReadAsync(wire.Server, 1));
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) >= s_quiet * 0.9);
    }

    [Fact]
    public async Task IsClosed_NewConnection_IsBrokenAtOnce()
    {
        await using var wire = await Wire.OpenAsync();
        wire.Proxy.IsClosed = true;

        Assert.True(await RefusesAsync(wire.Proxy.Port));
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(s_patience);
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            read += await socket.ReceiveAsync(bytes.AsMemory(read), patience.Token) is > 0 and var some ? some : throw new EndOfStreamException();
        }

        return System.Text.Encoding.ASCII.GetString(bytes);
    }

    // The end may come before the client knows that it was connected.
    private static async Task<bool> RefusesAsync(int port)
    {
        try
        {
            using var late = await Wire.ConnectAsync(port);
            return await EndsAsync(late);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<bool> EndsAsync(Socket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(s_patience);
        try
        {
            return await socket.ReceiveAsync(new byte[1], patience.Token) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private sealed class Wire(Socket listener, FaultProxy proxy, Socket node, Socket server) : IAsyncDisposable
    {
        public FaultProxy Proxy { get; } = proxy;

        public Socket Node { get; } = node;

        public Socket Server { get; } = server;

        public static async Task<Wire> OpenAsync()
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var proxy = new FaultProxy(((IPEndPoint)listener.LocalEndPoint!).Port);
            var node = await ConnectAsync(proxy.Port);
            return new(listener, proxy, node, await listener.AcceptAsync(Cancellation));
        }

        public static async Task<Socket> ConnectAsync(int port)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Cancellation);
            return socket;
        }

        public async ValueTask DisposeAsync()
        {
            Node.Dispose();
            Server.Dispose();
            await Proxy.DisposeAsync();
            listener.Dispose();
        }
    }
}
