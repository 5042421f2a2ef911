using System.Diagnostics;
using System.Net.Sockets;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp.Relay;

namespace Luminarys.E2E;

/// <summary>What a relay of its own bears from guests that take its place and do nothing with it.</summary>
[Trait("Kind", "Integration")]
public sealed class RelayLoadTests
{
    private const int Pairs = 64;
    private const int Megabytes = 256;
    private const int Drippers = 200;
    private static readonly TimeSpan s_handshake = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T6_SixtyFourStalledReaders_GrowTheRelayByAtMostOneMebibyteEachAndSlowNobody()
    {
        await using var relay = await RelayProcess.StartAsync();
        var alone = await CarryAsync(relay, Pairs);
        var before = relay.Resident;
        var streams = new List<NetworkStream>();
        var stalled = new List<Task<long>>();
        for (var pair = 0; pair < Pairs - 1; pair++)
        {
            var (source, sink) = await relay.PairAsync(pair, Token);
            streams.AddRange([source, sink]);
            stalled.Add(WriteUntilStalledAsync(source));
        }

        // One pair of the 64 is a good one, while all others stand still with everything on the way full.
        var written = await Task.WhenAll(stalled);
        var beside = await CarryAsync(relay, Pairs + 1);
        var (last, lastSink) = await relay.PairAsync(Pairs - 1, Token);
        streams.AddRange([last, lastSink]);
        await WriteUntilStalledAsync(last);
        var grown = relay.Resident - before;
        await using var late = await relay.DialAsync(Pairs + 2, Token);
        await RelayProcess.ProveAsync(late, Pairs + 2, TransferRole.Source, Token);
        await using var lateSink = await relay.DialAsync(Pairs + 2, Token);
        var refusal = await RelayProcess.ProveAsync(lateSink, Pairs + 2, TransferRole.Sink, Token);
        streams.ForEach(stream => stream.Dispose());
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"64 stalled pairs: {grown} KiB more; {written.Sum() >> 20} MiB written; a good pair alone {alone:F0} MiB/s, beside them {beside:F0} MiB/s");

        Assert.All(written, bytes => Assert.True(bytes > 256 * 1024, $"only {bytes} bytes were written"));
        Assert.InRange(grown, 0, Pairs * 1024);
        Assert.True(beside > alone / 4, $"{beside:F0} MiB/s beside stalled readers, {alone:F0} MiB/s alone");
        Assert.Equal((byte)RelayRejection.Busy, refusal?.Body.Span[0]);
    }

    [Fact]
    public async Task T7_TwoHundredDrippingHandshakes_DelayNoTransferAndAreCut()
    {
        await using var relay = await RelayProcess.StartAsync();
        await CarryAsync(relay, 0);
        var alone = await TimeAsync(() => CarryAsync(relay, 1));
        var drippers = Enumerable.Range(0, Drippers).Select(dripper => DripAsync(relay, dripper)).ToArray();
        await Task.WhenAll(drippers.Select(dripper => dripper.Begun));

        var beside = await TimeAsync(() => CarryAsync(relay, 2));
        var held = await Task.WhenAll(drippers.Select(dripper => dripper.Held)).WaitAsync(TestCluster.Patience, Token);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Megabytes} MiB: {alone.TotalSeconds:F2} s alone, {beside.TotalSeconds:F2} s beside {Drippers} dripping handshakes, which were cut after {held.Min().TotalSeconds:F1} to {held.Max().TotalSeconds:F1} s");

        Assert.InRange(beside - alone, TimeSpan.FromSeconds(-60), TimeSpan.FromSeconds(2));
        Assert.All(held, time => Assert.InRange(time, s_handshake - TimeSpan.FromSeconds(1), s_handshake + TimeSpan.FromSeconds(3)));
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> act)
    {
        var started = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(started);
    }

    // Megabytes a second of a pair whose both ends do what they should.
    private static async Task<double> CarryAsync(RelayProcess relay, int transfer)
    {
        var started = Stopwatch.GetTimestamp();
        var (source, sink) = await relay.PairAsync(1000 + transfer, Token);
        await using var from = source;
        await using var to = sink;
        var writing = WriteAsync(source);
        var buffer = new byte[256 * 1024];
        for (var left = Megabytes * 1024L * 1024; left > 0;)
        {
            var count = await sink.ReadAsync(buffer, Token);
            Assert.NotEqual(0, count);
            left -= count;
        }

        await writing;
        return Megabytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task WriteAsync(NetworkStream stream)
    {
        var buffer = new byte[1024 * 1024];
        for (var megabyte = 0; megabyte < Megabytes; megabyte++)
        {
            await stream.WriteAsync(buffer, Token);
        }
    }

    // Writes until nothing has been taken for a second, and answers how much was. The write that waits goes on waiting.
    private static async Task<long> WriteUntilStalledAsync(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        for (var written = 0L; ; written += buffer.Length)
        {
            var writing = stream.WriteAsync(buffer, Token).AsTask();
            if (await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(1), Token)) != writing)
            {
                _ = writing.ContinueWith(static failed => failed.Exception, TestContext.Current.CancellationToken, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return written;
            }

            await writing;
        }
    }

    // A byte a second of a message that would be a hello in the end.
    private static (Task Begun, Task<TimeSpan> Held) DripAsync(RelayProcess relay, int dripper)
    {
        var begun = new TaskCompletionSource();
        return (begun.Task, RunAsync());

        async Task<TimeSpan> RunAsync()
        {
            byte[] hello = [0, 159, 1, .. RelayWire.Magic, .. new byte[100]];
            await using var stream = await relay.DialAsync(5000 + dripper, Token);
            var started = Stopwatch.GetTimestamp();
            var ending = ReadToEndAsync(stream);
            try
            {
                for (var next = 0; !ending.IsCompleted; next++)
                {
                    await stream.WriteAsync(hello.AsMemory(next, 1), Token);
                    begun.TrySetResult();
                    await Task.WhenAny(ending, Task.Delay(TimeSpan.FromSeconds(1), Token));
                }
            }
            catch (IOException)
            {
                // Cut while it wrote.
            }

            await ending;
            return Stopwatch.GetElapsedTime(started);
        }
    }

    private static async Task ReadToEndAsync(NetworkStream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[64], Token) > 0)
            {
                // A refusal, before the end.
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }
}
