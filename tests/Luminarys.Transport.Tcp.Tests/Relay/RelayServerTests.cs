using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp.Relay;

namespace Luminarys.Transport.Tcp.Tests.Relay;

public sealed class RelayServerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_EightMegabytesBothWays_ArriveUnchanged()
    {
        await using var relay = await RelayHarness.StartAsync();
        var (source, sink) = await relay.OpenBothAsync(1);
        var bytes = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);

        await Task.WhenAll(CarryAsync(source, sink, bytes), CarryAsync(sink, source, bytes)).WaitAsync(s_patience, Token);
    }

    [Fact]
    public async Task Dispose_AfterManyBytes_LosesNoneOfThem()
    {
        await using var relay = await RelayHarness.StartAsync();
        var (source, sink) = await relay.OpenBothAsync(1);
        var bytes = RandomNumberGenerator.GetBytes(4 * 1024 * 1024);
        var writing = Task.Run(
            async () =>
            {
                await source.WriteAsync(bytes, Token);
                await source.DisposeAsync();
            },
            Token);
        using var read = new MemoryStream();
        await sink.CopyToAsync(read, Token).WaitAsync(s_patience, Token);
        await writing;

        Assert.Equal(bytes, read.ToArray());
    }

    [Theory]
    [InlineData("other key")]
    [InlineData("altered")]
    [InlineData("short")]
    [InlineData("empty")]
    public async Task T7_Hello_TicketThatTheRelayDidNotSeal_IsDenied(string what)
    {
        await using var relay = await RelayHarness.StartAsync();
        var ticket = relay.Ticket(TransferRole.Source, 1);
        var forged = what switch
        {
            "other key" => relay.Issue(ticket, keys: new RelayKeys(RelayKey.Create(), [])),
            "altered" => ticket with { Sealed = Altered(ticket.Sealed, 30) },
            "short" => ticket with { Sealed = ticket.Sealed[..^1] },
            _ => ticket with { Sealed = default },
        };

        Assert.Equal(RelayFault.Refused, (await relay.Client().OpenAsync(forged, Token)).Fault);
    }

    [Fact]
    public void T7_Ticket_EveryBitFlipped_IsNotOpened()
    {
        var keys = new RelayKeys(RelayKey.Create(), []);
        var bytes = keys.Seal(new(7, 8, 9, TransferRole.Sink, new("node-1")) { NotAfter = DateTimeOffset.UnixEpoch, MaxBytes = 5 });
        Assert.True(keys.TryOpen(bytes, out var ticket));
        Assert.Equal((9u, "node-1", 5ul), (ticket.Attempt, ticket.Node.Value, ticket.MaxBytes));

        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(keys.TryOpen(bytes, out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void RelayKeys_PreviousKey_StillOpensItsTickets()
    {
        var old = RelayKey.OfSecret("old secret");
        var bytes = new RelayKeys(old, []).Seal(new(1, 2, 3, TransferRole.Source, new("node")));

        Assert.True(new RelayKeys(RelayKey.OfSecret("new secret"), [old]).TryOpen(bytes, out _));
        Assert.False(new RelayKeys(RelayKey.OfSecret("new secret"), []).TryOpen(bytes, out _));
        Assert.NotEqual(RelayKey.OfSecret("x").Number, RelayKey.OfToken("x").Number);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T7_Proof_HolderOfTheTicketWithoutItsKey_IsDeniedByTheProofCheckOnly(bool isOn)
    {
        await using var relay = await RelayHarness.StartAsync(defences: new() { ChecksProof = isOn });
        var ticket = relay.Ticket(TransferRole.Source, 1);

        var answer = await CopiedTicketAsync(relay.EndPoint, ticket.Sealed);

        Assert.Equal(isOn ? RelayMessageType.Reject : RelayMessageType.Waiting, answer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T7_Hello_ExpiredTicket_IsDeniedByTheClockOnly(bool isOn)
    {
        await using var relay = await RelayHarness.StartAsync(defences: new() { ChecksExpiry = isOn });
        var ticket = relay.Ticket(TransferRole.Source, 1, change: plain => plain with { NotAfter = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(31) });
        await using var stream = await DialAsync(relay.EndPoint);
        await RelayWire.WriteAsync(stream, RelayMessageType.Hello, Hello(ticket.Sealed), Token);

        Assert.Equal(isOn ? RelayMessageType.Reject : RelayMessageType.Challenge, (await RelayWire.ReadAsync(stream, Token))?.Type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T7_Handshake_SlowDrip_HoldsItsPlaceForOneTimeoutOnly(bool isOn)
    {
        await using var relay = await RelayHarness.StartAsync(options => options.HandshakeTimeout = TimeSpan.FromSeconds(1), new() { LimitsHandshakes = isOn });
        await using var stream = await DialAsync(relay.EndPoint);
        await stream.WriteAsync(new byte[] { 0 }, Token);

        var ending = stream.ReadAsync(new byte[1], Token).AsTask();
        var hasEnded = await Task.WhenAny(ending, Task.Delay(TimeSpan.FromSeconds(3), Token)) == ending;

        Assert.Equal(isOn, hasEnded);
    }

    [Fact]
    public async Task T7_Waiting_SameRoleAgain_IsDeniedAlsoAfterTheFirstLeft()
    {
        await using var relay = await RelayHarness.StartAsync();
        var ticket = relay.Ticket(TransferRole.Source, 1);
        await using (var first = await JoinAsync(relay.EndPoint, ticket))
        {
            Assert.Equal(RelayFault.Refused, (await relay.Client().OpenAsync(relay.Ticket(TransferRole.Source, 1), Token)).Fault);
        }

        Assert.Equal(RelayFault.Refused, (await relay.Client().OpenAsync(relay.Ticket(TransferRole.Source, 1), Token)).Fault);
    }

    [Fact]
    public async Task OpenAsync_LaterAttempt_ReplacesWhatTheEarlierOneLeftBehind()
    {
        await using var relay = await RelayHarness.StartAsync();
        var (ghost, _) = await relay.OpenBothAsync(1, attempt: 1);

        var (source, sink) = await relay.OpenBothAsync(1, attempt: 2);

        await CarryAsync(source, sink, [1, 2, 3]).WaitAsync(s_patience, Token);
        Assert.Equal(0, await ReadToEndAsync(ghost).WaitAsync(s_patience, Token));
        Assert.Equal(RelayFault.Refused, (await relay.Client().OpenAsync(relay.Ticket(TransferRole.Source, 1, attempt: 1), Token)).Fault);
    }

    [Fact]
    public async Task OpenAsync_PeerDoesNotCome_SaysSoAfterThePairingTimeout()
    {
        await using var relay = await RelayHarness.StartAsync(options => options.PairingTimeout = TimeSpan.FromSeconds(1));

        Assert.Equal(RelayFault.NoPeer, (await relay.Client().OpenAsync(relay.Ticket(TransferRole.Source, 1), Token).AsTask().WaitAsync(s_patience, Token)).Fault);
    }

    [Fact]
    public async Task OpenAsync_NobodyListensOrSomebodyElseDoes_IsUnreachable()
    {
        await using var relay = await RelayHarness.StartAsync();
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var ticket = relay.Ticket(TransferRole.Source, 1);
        await using var other = await RelayHarness.StartAsync();
        string[] places = ["127.0.0.1:1", $"127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}", "no port", ""];

        foreach (var place in places)
        {
            var channel = await relay.Client(options => options.ConnectTimeout = TimeSpan.FromSeconds(1)).OpenAsync(ticket with { RelayAddress = place }, Token);
            Assert.Equal(RelayFault.Unreachable, channel.Fault);
        }
    }

    [Fact]
    public async Task OpenAsync_RelayThatDoesNotKnowTheKey_IsUnreachableAndGetsNoProof()
    {
        await using var relay = await RelayHarness.StartAsync();
        using var impostor = new TcpListener(IPAddress.Loopback, 0);
        impostor.Start();
        var ticket = relay.Ticket(TransferRole.Source, 1) with { RelayAddress = $"127.0.0.1:{((IPEndPoint)impostor.LocalEndpoint).Port}" };
        var opening = relay.Client().OpenAsync(ticket, Token).AsTask();
        await using var stream = new NetworkStream(await impostor.AcceptSocketAsync(Token), ownsSocket: true);
        await RelayWire.ReadAsync(stream, Token);
        await RelayWire.WriteAsync(stream, RelayMessageType.Challenge, new byte[RelayWire.NonceSize + RelayProofs.Size], Token);

        Assert.Null(await RelayWire.ReadAsync(stream, Token));
        Assert.Equal(RelayFault.Unreachable, (await opening).Fault);
    }

    [Fact]
    public async Task OpenAsync_MoreOfANodeThanItMayHave_IsBusy()
    {
        await using var relay = await RelayHarness.StartAsync(options => options.MaxPerNode = 1);
        await using var first = await JoinAsync(relay.EndPoint, relay.Ticket(TransferRole.Source, 1));

        Assert.Equal(RelayFault.Busy, (await relay.Client().OpenAsync(relay.Ticket(TransferRole.Source, 2), Token)).Fault);
    }

    [Fact]
    public async Task OpenAsync_MorePairsThanThereMayBe_IsBusy()
    {
        await using var relay = await RelayHarness.StartAsync(options => options.MaxPairs = 1);
        var (source, sink) = await relay.OpenBothAsync(1);
        await using var waiting = await JoinAsync(relay.EndPoint, relay.Ticket(TransferRole.Source, 2));

        Assert.Equal(RelayFault.Busy, (await relay.Client().OpenAsync(relay.Ticket(TransferRole.Sink, 2), Token)).Fault);
        await CarryAsync(source, sink, [1]);
    }

    [Fact]
    public async Task Carry_MoreThanTheTicketAllows_EndsThePair()
    {
        await using var relay = await RelayHarness.StartAsync();
        var (source, sink) = await relay.OpenBothAsync(1, change: plain => plain with { MaxBytes = 1000 });
        _ = WriteUntilItEndsAsync(source);

        Assert.InRange(await ReadToEndAsync(sink).WaitAsync(s_patience, Token), 0, 1010 + (64 * 1024));
    }

    [Fact]
    public async Task Carry_NothingForTheIdleTimeout_EndsThePair()
    {
        await using var relay = await RelayHarness.StartAsync(options => options.IdleTimeout = TimeSpan.FromSeconds(1));
        var (source, sink) = await relay.OpenBothAsync(1);

        Assert.Equal(0, await ReadToEndAsync(source).WaitAsync(s_patience, Token));
        Assert.Equal(0, await ReadToEndAsync(sink).WaitAsync(s_patience, Token));
    }

    [Fact]
    public async Task Carry_RateOfTheTicket_IsKept()
    {
        await using var relay = await RelayHarness.StartAsync();
        var (source, sink) = await relay.OpenBothAsync(1, change: plain => plain with { MaxRate = 4 * 1024 * 1024 });
        var started = Stopwatch.GetTimestamp();

        await CarryAsync(source, sink, new byte[12 * 1024 * 1024]).WaitAsync(s_patience, Token);

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1.5, 10);
    }

    [Fact]
    public async Task Accept_MoreStrangersThanThereIsRoomFor_CostsTheOldestItsPlace()
    {
        await using var relay = await RelayHarness.StartAsync(options => (options.MaxHandshakes, options.HandshakeTimeout) = (4, TimeSpan.FromMinutes(1)));
        var strangers = new List<NetworkStream>();
        for (var i = 0; i < 8; i++)
        {
            strangers.Add(await DialAsync(relay.EndPoint));
        }

        var (source, sink) = await relay.OpenBothAsync(1);

        await CarryAsync(source, sink, [1]).WaitAsync(s_patience, Token);
        Assert.Equal(0, await ReadToEndAsync(strangers[0]).WaitAsync(s_patience, Token));
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task Accept_AddressThatOpensTooMany_IsCutAtOnce()
    {
        await using var relay = await RelayHarness.StartAsync(options => (options.HandshakesPerSecond, options.HandshakeBurst) = (1, 2));
        await using var first = await DialAsync(relay.EndPoint);
        await using var second = await DialAsync(relay.EndPoint);
        var watch = Stopwatch.StartNew();
        try
        {
            await using var third = await DialAsync(relay.EndPoint);
            Assert.Equal(0, await ReadToEndAsync(third));
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task DrainAsync_RunningPair_GoesOnUntilItIsCut()
    {
        await using var relay = await RelayHarness.StartAsync();
        var (source, sink) = await relay.OpenBothAsync(1);
        using var cut = new CancellationTokenSource();
        var draining = relay.Server.DrainAsync(cut.Token).AsTask();

        await CarryAsync(source, sink, [1, 2]).WaitAsync(s_patience, Token);
        Assert.False(draining.IsCompleted);
        await cut.CancelAsync();

        await draining.WaitAsync(s_patience, Token);
        Assert.Equal(0, await ReadToEndAsync(sink).WaitAsync(s_patience, Token));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(16, false)]
    public async Task T6_StalledReaders_GrowTheRelayByABoundedAmountBecauseItWaitsForThem(int pairs, bool isOn)
    {
        await using var relay = await RelayHarness.StartAsync(options => options.MaxPerNode = 200, new() { WaitsForReaders = isOn });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var streams = new List<Stream>();
        for (var pair = 0; pair < pairs; pair++)
        {
            var (source, sink) = await relay.OpenBothAsync((UInt128)(pair + 1));
            streams.AddRange([source, sink]);
            _ = WriteUntilItEndsAsync(source, most: 24 * 1024 * 1024);
        }

        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        streams.ForEach(stream => stream.Dispose());

        Assert.Equal(isOn, grown < 64 * 1024 * 1024);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T7_Newcomer_AmongAsManyDrippingStrangersAsThereMayBe_IsLetInBecauseRoomIsMade(bool isOn)
    {
        await using var relay = await RelayHarness.StartAsync(options => options.MaxHandshakes = 64, new() { MakesRoom = isOn });
        var strangers = new List<NetworkStream>();
        var ends = new List<Task>();
        for (var i = 0; i < 80; i++)
        {
            strangers.Add(await DialAsync(relay.EndPoint));
            await strangers[i].WriteAsync(new byte[] { 0 }, Token);
            ends.Add(ReadToEndAsync(strangers[i]));
        }

        // All are in when those are out for whom there was no room.
        for (var passed = 0; ends.Count(end => end.IsCompleted) < 16; passed++)
        {
            Assert.True(passed < 200);
            await Task.Delay(20, Token);
        }

        var opening = relay.Client().OpenAsync(relay.Ticket(TransferRole.Source, 1), Token).AsTask();
        var started = Stopwatch.GetTimestamp();
        var peer = await relay.Client().OpenAsync(relay.Ticket(TransferRole.Sink, 1), Token);
        var took = Stopwatch.GetElapsedTime(started);
        strangers.ForEach(stranger => stranger.Dispose());

        Assert.Equal(isOn ? RelayFault.None : RelayFault.Unreachable, peer.Fault);
        Assert.Equal(isOn ? RelayFault.None : RelayFault.Unreachable, (await opening).Fault);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static byte[] Altered(ReadOnlyMemory<byte> bytes, int index)
    {
        var copy = bytes.ToArray();
        copy[index] ^= 1;
        return copy;
    }

    private static byte[] Hello(ReadOnlyMemory<byte> ticket) => [.. RelayWire.Magic, .. ticket.Span, .. new byte[RelayWire.NonceSize]];

    private static async Task<NetworkStream> DialAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, Token);
        return new NetworkStream(socket, ownsSocket: true);
    }

    // Somebody who saw a hello on the wire: has the ticket, not its key.
    private static async Task<RelayMessageType?> CopiedTicketAsync(IPEndPoint endPoint, ReadOnlyMemory<byte> ticket)
    {
        await using var stream = await DialAsync(endPoint);
        await RelayWire.WriteAsync(stream, RelayMessageType.Hello, Hello(ticket), Token);
        Assert.Equal(RelayMessageType.Challenge, (await RelayWire.ReadAsync(stream, Token))?.Type);
        await RelayWire.WriteAsync(stream, RelayMessageType.Proof, new byte[RelayProofs.Size], Token);
        return (await RelayWire.ReadAsync(stream, Token))?.Type;
    }

    // Joins by hand, up to the moment when the relay waits for the peer.
    private static async Task<NetworkStream> JoinAsync(IPEndPoint endPoint, TransferTicket ticket)
    {
        var stream = await DialAsync(endPoint);
        await RelayWire.WriteAsync(stream, RelayMessageType.Hello, Hello(ticket.Sealed), Token);
        var challenge = (await RelayWire.ReadAsync(stream, Token))!.Value.Body[..RelayWire.NonceSize];
        var proof = RelayProofs.OfClient(ticket.JoinKey.Span, ticket.Role, challenge.Span, new byte[RelayWire.NonceSize]);
        await RelayWire.WriteAsync(stream, RelayMessageType.Proof, proof, Token);
        Assert.Equal(RelayMessageType.Waiting, (await RelayWire.ReadAsync(stream, Token))?.Type);
        return stream;
    }

    private static async Task CarryAsync(Stream from, Stream to, byte[] bytes)
    {
        var read = new byte[bytes.Length];
        var writing = from.WriteAsync(bytes, Token).AsTask();
        await to.ReadExactlyAsync(read, Token);
        await writing;
        Assert.Equal(bytes, read);
    }

    private static async Task<long> ReadToEndAsync(Stream stream)
    {
        var (buffer, total) = (new byte[64 * 1024], 0L);
        try
        {
            for (int count; (count = await stream.ReadAsync(buffer, Token)) > 0;)
            {
                total += count;
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }

        return total;
    }

    private static async Task WriteUntilItEndsAsync(Stream stream, long most = long.MaxValue)
    {
        try
        {
            for (var written = 0L; written < most; written += 16 * 1024)
            {
                await stream.WriteAsync(new byte[16 * 1024], Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // That was the end.
        }
    }
}
