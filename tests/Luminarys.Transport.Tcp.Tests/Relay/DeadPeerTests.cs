using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp.Relay;

namespace Luminarys.Transport.Tcp.Tests.Relay;

/// <summary>T-9: a side whose cable is out says nothing, and the relay ends the pair nevertheless. With a limit of 3 s in place of 25.</summary>
public sealed class DeadPeerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TransferRole.Sink, true)]
    [InlineData(TransferRole.Sink, false)]
    [InlineData(TransferRole.Source, true)]
    public async Task T9_Carry_CableOfOneSideOut_EndsThePairAfterTheLimit(TransferRole far, bool isOn)
    {
        await using var network = await FarNetwork.MakeAsync();
        await using var relay = await RelayHarness.StartAsync(
            options => options.ListenAddress = IPAddress.Parse(network.Host), new() { FindsDeadPeers = isOn }, silenceLimit: s_limit);
        await using var lost = await JoinAsync(relay, network.Socket(), far);
        await using var near = await JoinAsync(relay, new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), 1 - far);
        Assert.Equal(RelayMessageType.Paired, (await RelayWire.ReadAsync(near, Token))?.Type);
        var source = far == TransferRole.Source ? lost : near;
        var writing = WriteUntilItEndsAsync(source);
        var ending = ReadUntilItEndsAsync(near);
        await Task.Delay(TimeSpan.FromMilliseconds(100), Token);

        await network.CutAsync();
        var cut = Stopwatch.GetTimestamp();
        var hasEnded = await Task.WhenAny(ending, Task.Delay(isOn ? s_patience : 2 * s_limit, Token)) == ending;

        Assert.Equal(isOn, hasEnded);
        TestContext.Current.TestOutputHelper?.WriteLine($"{far} cut off: ended after {Stopwatch.GetElapsedTime(cut).TotalSeconds:F1} s: {hasEnded}");
        await lost.DisposeAsync();
        await near.DisposeAsync();
        await Task.WhenAll(writing, ending);
    }

    private static async Task<NetworkStream> JoinAsync(RelayHarness relay, Socket socket, TransferRole role)
    {
        await socket.ConnectAsync(relay.EndPoint, Token);
        var stream = new NetworkStream(socket, ownsSocket: true);
        var ticket = relay.Ticket(role, 1);
        byte[] hello = [.. RelayWire.Magic, .. ticket.Sealed.Span, .. new byte[RelayWire.NonceSize]];
        await RelayWire.WriteAsync(stream, RelayMessageType.Hello, hello, Token);
        var nonce = (await RelayWire.ReadAsync(stream, Token))!.Value.Body[..RelayWire.NonceSize];
        await RelayWire.WriteAsync(stream, RelayMessageType.Proof, RelayProofs.OfClient(ticket.JoinKey.Span, role, nonce.Span, new byte[RelayWire.NonceSize]), Token);
        Assert.Equal(RelayMessageType.Waiting, (await RelayWire.ReadAsync(stream, Token))?.Type);
        return stream;
    }

    private static async Task WriteUntilItEndsAsync(NetworkStream stream)
    {
        try
        {
            while (true)
            {
                await stream.WriteAsync(new byte[64 * 1024], Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // That was the end.
        }
    }

    private static async Task ReadUntilItEndsAsync(NetworkStream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[64 * 1024], Token) > 0)
            {
                // What came before the cut.
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // A reset is an end too.
        }
    }
}
