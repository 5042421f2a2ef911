using System.Collections.Concurrent;
using System.Security.Cryptography;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Transfers;

/// <summary>Whatever a carrier does to the bytes, a copy ends in an error or in the right file: T-5. Two thousand copies, each with one bad deed of its own seed.</summary>
public sealed class CorruptionTests(ITestOutputHelper output)
{
    private const int MaxLength = 900_000;

    [Theory]
    [InlineData("encrypted", 800, 95)]
    [InlineData("sums", 700, 95)]
    [InlineData("blind", 500, 50)]
    public async Task T5_CarrierThatHarmsAFrame_NeverLeavesAWrongFile(string seals, int runs, int foundPercent)
    {
        var ends = await RunAsync(seals, runs, TransferDefences.All);

        Assert.Empty(ends.Where(end => end.IsWrong).Select(end => end.Text));
        Assert.InRange(ends.Count(end => end.WasHarmed), runs * 9 / 10, runs);

        // What comes behind the last frame changes nothing, and without seals some of a frame says nothing: the file is right all the same.
        Assert.InRange(ends.Count(end => end.WasHarmed && end.WasFound) * 100, ends.Count(end => end.WasHarmed) * foundPercent, runs * 100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T5_WithoutSealAndHash_LeavesWrongFiles(bool hasHash)
    {
        var ends = await RunAsync("blind", 200, TransferDefences.All with { WholeHash = hasHash });

        Assert.Equal(hasHash, ends.All(end => !end.IsWrong));
    }

    private async Task<IReadOnlyCollection<End>> RunAsync(string seals, int runs, TransferDefences defences)
    {
        var first = Random.Shared.Next();
        var ends = new ConcurrentBag<End>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, runs),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
            async (run, _) => ends.Add(await CopyAsync(seals, unchecked(first + run), defences)));
        output.WriteLine($"{seals}, seeds from {first}: {string.Join("; ", ends.GroupBy(end => end.Deed).OrderBy(group => group.Key).Select(
            group => $"{group.Key}: {group.Count()}, found {group.Count(end => end.WasFound)}"))}");
        return ends;
    }

    private static async Task<End> CopyAsync(string seals, int seed, TransferDefences defences)
    {
        var random = new Random(seed);
        var content = new byte[random.Next(8) == 0 ? random.Next(20) : random.Next(MaxLength)];
        random.NextBytes(content);
        var sink = new MemorySink();
        if (random.Next(3) == 0)
        {
            // Some of it is there from before; now and then its disk has not kept it well.
            var there = content[..random.Next(content.Length + 1)];
            if (there.Length > 0 && random.Next(4) == 0)
            {
                there[random.Next(there.Length)] ^= 1;
            }

            Assert.Null(sink.Write(there, 0));
            Assert.Null(sink.Flush(there.Length));
        }

        // The source says open, agree, the parts and finish; the sink says resume, marks and done.
        var atSource = random.Next(5) > 0;
        var frame = atSource ? random.Next(3 + ((content.Length + TunnelLimits.Part - 1 - (int)sink.Durable) / TunnelLimits.Part)) : random.Next(2);
        var time = new FakeTimeProvider();
        var settings = new AttemptSettings { Window = 512 * 1024, Defences = defences };
        var (left, right) = LoopbackRelayStream.CreatePair();
        using var middle = new CorruptingStream(atSource ? left : right, random, frame, keepsFrames: seals == "blind");
        var keys = TunnelKeys.Derive(SHA256.HashData(BitConverter.GetBytes(seed)), new byte[32]);
        using var sourceSeals = SealsOf(seals, keys, TransferRole.Source);
        using var sinkSeals = SealsOf(seals, keys, TransferRole.Sink);
        var source = new MemorySource(content);
        using var sending = new SourceAttempt(source, atSource ? middle : left, sourceSeals, settings, time);
        using var taking = new SinkAttempt(sink, (source.Length, source.Fingerprint), atSource ? right : middle, sinkSeals, settings, time);
        var sent = EndAsync(sending.RunAsync(CancellationToken.None), left);
        var taken = EndAsync(taking.RunAsync(CancellationToken.None), right);
        var both = Task.WhenAll(sent, taken);
        var begin = System.Diagnostics.Stopwatch.GetTimestamp();
        while (await Task.WhenAny(both, Task.Delay(2)) != both)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalSeconds > 10)
            {
                Assert.Fail($"seed {seed}: {middle.Deed} at frame {frame} of {(atSource ? "source" : "sink")}, {content.Length} bytes: source ended {sent.IsCompleted}, sink ended {taken.IsCompleted}");
            }

            // An end that waits for what never comes is not waited for.
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var isRight = sink.Final is not null && sink.Final.AsSpan().SequenceEqual(content);
        var isWrong = (sink.Final is not null && !isRight) || ((await sent).Fault == TransferFault.None && !isRight);
        return new(seed, middle.Deed ?? "nothing", (await sent).Fault, (await taken).Fault, isWrong);
    }

    private static TunnelSeals SealsOf(string seals, TunnelKeys keys, TransferRole role) => seals switch
    {
        "encrypted" => TunnelSeals.Encrypted(keys, role),
        "sums" => TunnelSeals.Plain(role),
        _ => new(new BlindSeal(), new BlindSeal()),
    };

    private static async Task<AttemptEnd> EndAsync(Task<AttemptEnd> attempt, Stream stream)
    {
        var end = await attempt;
        await stream.DisposeAsync();
        return end;
    }

    private sealed record End(int Seed, string Deed, TransferFault Sent, TransferFault Taken, bool IsWrong)
    {
        public bool WasHarmed => Deed != "nothing";

        public bool WasFound => Sent != TransferFault.None || Taken != TransferFault.None;

        public string Text => $"seed {Seed}: {Deed}; source {Sent}, sink {Taken}";
    }
}
