using System.Text;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Xunit;

namespace Luminarys.Contracts;

/// <summary>What every <see cref="IRelay"/> promises. An adapter's tests inherit it and name the two ends.</summary>
public abstract class RelayContract
{
    private static int s_transfer;

    private readonly UInt128 _transfer = (UInt128)Interlocked.Increment(ref s_transfer);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The relay as the source's node reaches it.</summary>
    protected abstract IRelay Source { get; }

    /// <summary>The relay as the sink's node reaches it.</summary>
    protected abstract IRelay Sink { get; }

    /// <summary>Clock that decides when tickets expire.</summary>
    protected abstract TimeProvider Time { get; }

    /// <summary>Makes a ticket one that this relay takes.</summary>
    protected virtual TransferTicket Issue(TransferTicket ticket) => ticket;

    /// <summary>Moves the clock.</summary>
    protected abstract void Advance(TimeSpan duration);

    [Fact]
    public async Task OpenAsync_BothSides_CarriesBytesBothWays()
    {
        var (source, sink) = await OpenBothAsync();

        await source.WriteAsync("to the sink"u8.ToArray(), Token);
        await sink.WriteAsync("to the source"u8.ToArray(), Token);

        await ExpectAsync(sink, "to the sink");
        await ExpectAsync(source, "to the source");
    }

    [Fact]
    public async Task T6_WriteAsync_PeerDoesNotRead_WaitsUntilItDoes()
    {
        var (source, sink) = await OpenBothAsync();
        var block = new byte[64 * 1024];
        var (blocks, isStalled, write) = (0, false, Task.CompletedTask);
        while (!isStalled)
        {
            Assert.True(blocks < 1024, "the channel took 64 MiB that nobody read");
            blocks++;
            write = source.WriteAsync(block, Token).AsTask();
            isStalled = await Task.WhenAny(write, Task.Delay(TimeSpan.FromMilliseconds(300), Token)) != write;
        }

        await ReadAsync(sink, blocks * block.Length);
        await write.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task Dispose_OneSide_EndsReadingAndWritingOfTheOther()
    {
        var (source, sink) = await OpenBothAsync();
        await source.WriteAsync("last"u8.ToArray(), Token);

        await source.DisposeAsync();

        await ExpectAsync(sink, "last");
        Assert.Equal(0, await sink.ReadAsync(new byte[1], Token));
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (var attempt = 0; attempt < 10_000; attempt++)
            {
                await sink.WriteAsync(new byte[1024], Token);
            }
        });
    }

    [Fact]
    public async Task OpenAsync_ExpiredTicket_IsRefused() =>
        Assert.Equal(RelayFault.Refused, (await Source.OpenAsync(Issue(Ticket(TransferRole.Source) with { NotAfter = Time.GetUtcNow() }), Token)).Fault);

    [Fact]
    public async Task OpenAsync_NoPeerUntilExpiry_SaysSo()
    {
        var waiting = Source.OpenAsync(Issue(Ticket(TransferRole.Source)), Token).AsTask();
        Assert.False(waiting.IsCompleted);

        Advance(TimeSpan.FromSeconds(61));

        Assert.Null((await waiting.WaitAsync(TimeSpan.FromSeconds(20), Token)).Stream);
    }

    [Fact]
    public async Task T7_OpenAsync_SameTicketAgain_IsRefusedWhilePairedAndAfter()
    {
        var (source, sink) = await OpenBothAsync();
        await ExpectRefusalAsync(Source, TransferRole.Source);
        await source.DisposeAsync();
        await sink.DisposeAsync();
        await ExpectRefusalAsync(Sink, TransferRole.Sink);
    }

    [Fact]
    public async Task T7_OpenAsync_SameRoleTwice_OneIsRefusedAndTheOtherStillPairs()
    {
        var first = Source.OpenAsync(Issue(Ticket(TransferRole.Source)), Token).AsTask();
        var second = Sink.OpenAsync(Issue(Ticket(TransferRole.Source)), Token).AsTask();

        var refused = await Task.WhenAny(first, second).WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal(RelayFault.Refused, (await refused).Fault);

        await using var sink = (await Sink.OpenAsync(Issue(Ticket(TransferRole.Sink)), Token)).Stream;
        await using var source = (await (refused == first ? second : first)).Stream;
        Assert.NotNull(sink);
        Assert.NotNull(source);
    }

    [Fact]
    public async Task OpenAsync_OtherTransfer_DoesNotPair()
    {
        var waiting = Source.OpenAsync(Issue(Ticket(TransferRole.Source)), Token).AsTask();
        var other = Sink.OpenAsync(Issue(Ticket(TransferRole.Sink) with { Transfer = _transfer + 1_000_000 }), Token).AsTask();

        Advance(TimeSpan.FromSeconds(61));

        Assert.Null((await waiting.WaitAsync(TimeSpan.FromSeconds(20), Token)).Stream);
        Assert.Null((await other.WaitAsync(TimeSpan.FromSeconds(20), Token)).Stream);
    }

    [Fact]
    public async Task OpenAsync_CancelledWhileWaiting_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = Source.OpenAsync(Issue(Ticket(TransferRole.Source)), cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token);
        return bytes;
    }

    private static async Task ExpectAsync(Stream stream, string text) =>
        Assert.Equal(text, Encoding.ASCII.GetString(await ReadAsync(stream, text.Length)));

    // A relay that would take the ticket waits for a peer, and that is the failure here.
    private async Task ExpectRefusalAsync(IRelay relay, TransferRole role) =>
        Assert.Equal(RelayFault.Refused, (await relay.OpenAsync(Issue(Ticket(role)), Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token)).Fault);

    private TransferTicket Ticket(TransferRole role) =>
        new(_transfer, role, new NodeId(role == TransferRole.Source ? "one" : "two"), Time.GetUtcNow() + TimeSpan.FromSeconds(60));

    private async Task<(Stream Source, Stream Sink)> OpenBothAsync()
    {
        var source = Source.OpenAsync(Issue(Ticket(TransferRole.Source)), Token).AsTask();
        var sink = await Sink.OpenAsync(Issue(Ticket(TransferRole.Sink)), Token);
        return (Assert.IsType<Stream>((await source).Stream, exactMatch: false), Assert.IsType<Stream>(sink.Stream, exactMatch: false));
    }
}
