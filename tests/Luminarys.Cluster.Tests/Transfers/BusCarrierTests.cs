using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Transfers;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Tests.Transfers;

public sealed class BusCarrierTests : IAsyncDisposable
{
    private static readonly NodeId s_a = new("a");
    private static readonly NodeId s_b = new("b");
    private static readonly Subjects s_subjects = new(new("test"));
    private readonly LoopbackHub _hub = new(NullLoggerFactory.Instance);
    private readonly List<LoopbackBus> _buses = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses)
        {
            await bus.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_NoEndReachesTheRelay_CarriesBytesBothWays()
    {
        var (source, sink) = await OpenAsync(new NoRelay(), new NoRelay());
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);

        var writing = WriteAsync(source, content);
        var read = new byte[content.Length];
        await sink.ReadExactlyAsync(read, Stop);
        await sink.WriteAsync(new byte[] { 1, 2, 3 }, Stop);
        var back = new byte[3];
        await source.ReadExactlyAsync(back, Stop);
        await writing;

        Assert.Equal(content, read);
        Assert.Equal([1, 2, 3], back);
        await source.DisposeAsync();
        Assert.Equal(0, await sink.ReadAsync(back, Stop));
        await sink.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_OneEndWaitsAtTheRelay_IsCalledAwayFromIt(bool sourceWaits)
    {
        var relay = new LoopbackRelay(TimeProvider.System);
        var (source, sink) = await OpenAsync(sourceWaits ? relay : new NoRelay(), sourceWaits ? new NoRelay() : relay);

        Assert.IsType<BusStream>(source);
        Assert.IsType<BusStream>(sink);
        await source.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task Open_BothReachTheRelay_LeaveTheBusAlone()
    {
        var relay = new LoopbackRelay(TimeProvider.System);
        var (source, sink) = await OpenAsync(relay, relay);

        Assert.IsNotType<BusStream>(source);
        Assert.IsNotType<BusStream>(sink);
    }

    [Fact]
    public async Task Write_NobodyReads_StopsAtTheWindow()
    {
        var (source, sink) = await OpenAsync(new NoRelay(), new NoRelay());

        await source.WriteAsync(new byte[BusFrame.Window * BusFrame.Chunk], Stop);
        var more = source.WriteAsync(new byte[1], Stop).AsTask();
        Assert.False(more.IsCompleted);

        await sink.ReadExactlyAsync(new byte[BusFrame.Window / 2 * BusFrame.Chunk], Stop);
        await more;
        await source.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task Read_AMessageIsMissing_BreaksTheStream()
    {
        var (source, sink) = await OpenAsync(new NoRelay(), new NoRelay());
        var frame = new byte[BusFrame.Head + 1];
        BusFrame.Write(frame, BusFrame.Data, 1, 1);

        await _buses[0].PublishAsync(s_subjects.Tunnel(s_a, s_b, 7), null, frame, Stop);

        await Assert.ThrowsAsync<IOException>(async () => await sink.ReadExactlyAsync(new byte[1], Stop));
        await source.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task Read_AMessageOfAnOlderAttempt_IsNoPartOfTheStream()
    {
        var (source, sink) = await OpenAsync(new NoRelay(), new NoRelay());
        var frame = new byte[BusFrame.Head + 1];
        BusFrame.Write(frame, BusFrame.Data, 0, 0);
        await _buses[0].PublishAsync(s_subjects.Tunnel(s_a, s_b, 7), null, frame, Stop);

        await source.WriteAsync(new byte[] { 5 }, Stop);

        var read = new byte[1];
        await sink.ReadExactlyAsync(read, Stop);
        Assert.Equal(5, read[0]);
        await source.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task Open_NobodyAnswers_EndsWithTheTicket()
    {
        var bus = await ConnectAsync();
        var channel = await Carrier(bus, s_a).OpenAsync(new NoRelay(), Ticket(TransferRole.Source, TimeSpan.FromMilliseconds(50)), s_b, Stop);

        Assert.Equal((null, RelayFault.Unreachable), (channel.Stream, channel.Fault));
    }

    [Fact]
    public void Frame_IsWrittenAsDescribed()
    {
        var frame = new byte[BusFrame.Head];
        BusFrame.Write(frame, BusFrame.Credit, 2, 0x0102);

        Assert.Equal("04000000020000000000000102", Convert.ToHexString(frame));
        Assert.Equal("lm.v1.test.t.a.b.00000000000000000000000000000007", s_subjects.Tunnel(s_a, s_b, 7));
    }

    private static async Task WriteAsync(Stream stream, byte[] content)
    {
        for (var at = 0; at < content.Length; at += 70_001)
        {
            await stream.WriteAsync(content.AsMemory(at, Math.Min(70_001, content.Length - at)), Stop);
        }
    }

    private static BusCarrier Carrier(IBus bus, NodeId self) => new(bus, s_subjects, self, TimeProvider.System, NullLogger.Instance);

    private static TransferTicket Ticket(TransferRole role, TimeSpan life) =>
        new(7, role, role == TransferRole.Source ? s_a : s_b, DateTimeOffset.UtcNow + life) { Attempt = 1 };

    private async Task<(Stream Source, Stream Sink)> OpenAsync(IRelay ofSource, IRelay ofSink)
    {
        var life = TimeSpan.FromSeconds(30);
        var source = Carrier(await ConnectAsync(), s_a).OpenAsync(ofSource, Ticket(TransferRole.Source, life), s_b, Stop).AsTask();
        var sink = Carrier(await ConnectAsync(), s_b).OpenAsync(ofSink, Ticket(TransferRole.Sink, life), s_a, Stop).AsTask();
        var (from, to) = (await source, await sink);
        Assert.Equal((RelayFault.None, RelayFault.None), (from.Fault, to.Fault));
        return (from.Stream!, to.Stream!);
    }

    private async Task<LoopbackBus> ConnectAsync()
    {
        var bus = new LoopbackBus(_hub);
        await bus.ConnectAsync(Stop);
        _buses.Add(bus);
        return bus;
    }
}
