using System.Security.Cryptography;
using CsCheck;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Transfers;

public sealed class AttemptTests
{
    private static readonly AttemptSettings s_settings = new() { Window = 4 * 1024 * 1024 };

    public static TheoryData<int, bool> Sizes
    {
        get
        {
            var data = new TheoryData<int, bool>();
            foreach (var size in (int[])[0, 1, TunnelLimits.Block - 1, TunnelLimits.Block, TunnelLimits.Block + 1, 9_500_000])
            {
                data.Add(size, true);
                data.Add(size, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task T1_AnySize_ArrivesWhole(int size, bool encrypts)
    {
        var (source, sink) = (new MemorySource(Content(size)), new MemorySink());

        var (sent, taken) = await RunAsync(source, sink, encrypts);

        Assert.Equal((TransferFault.None, TransferFault.None), (sent.Fault, taken.Fault));
        Assert.Equal(source.Content, sink.Final);
        Assert.Equal(ContentHash.Read(SHA256.HashData(source.Content)), sent.Hash);
        Assert.Equal(sent.Hash, sink.Committed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T4_BreaksAndCrashesAnywhere_EndInTheSameBytes(bool encrypts)
    {
        var content = Content(7_000_000);
        for (var round = 0; round < 20; round++)
        {
            var sink = new MemorySink();
            var cutAt = new Random(round).Next(0, 7_100_000);
            var (first, _) = await RunAsync(new(content), sink, encrypts, (at, chunk) => at + chunk.Length > cutAt ? throw new IOException("cut") : chunk);
            var lost = Math.Max(0, first.Fault == TransferFault.None ? 0 : cutAt - sink.Durable);
            if (sink.Final is null)
            {
                sink.Crash();
                var before = sink.Written;
                var (again, _) = await RunAsync(new(content), sink, encrypts);
                Assert.Equal(TransferFault.None, again.Fault);
                Assert.InRange(sink.Written - before, 0, content.Length);
            }

            Assert.Equal(content, sink.Final);
            Assert.InRange(lost, 0, s_settings.Window + TunnelLimits.MaxFrame);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T5_OneByteAltered_IsAlwaysFound(bool encrypts)
    {
        var content = Content(1_200_000);
        for (var round = 0; round < 100; round++)
        {
            var sink = new MemorySink();
            var at = new Random(round).Next(0, 1_200_000);
            var (sent, taken) = await RunAsync(new(content), sink, encrypts, (begin, chunk) => Flip(begin, chunk, at));

            Assert.NotEqual(TransferFault.None, taken.Fault);
            Assert.NotEqual(TransferFault.None, sent.Fault);
            Assert.Null(sink.Final);
        }
    }

    [Fact]
    public async Task T4_SourceThatChangedBetweenAttempts_IsNeverMixed()
    {
        var (before, after) = (Content(6_000_000), Content(6_000_000));
        after[10] ^= 1;
        var sink = new MemorySink();
        await RunAsync(new(before), sink, encrypts: true, (at, chunk) => at > 5_000_000 ? throw new IOException("cut") : chunk);
        Assert.InRange(sink.Durable, 1, 5_999_999);
        sink.Crash();

        // The same fingerprint, as if the file system had not noticed: the hash of the beginning does.
        var (sent, _) = await RunAsync(new(after), sink, encrypts: true);

        Assert.Equal((TransferFault.None, 1), (sent.Fault, sink.Restarts));
        Assert.Equal(after, sink.Final);
    }

    [Fact]
    public async Task T4_SourceThatChangesMeanwhile_IsRefused()
    {
        var (source, sink) = (new MemorySource(Content(2_000_000)) { IsUnchanged = false }, new MemorySink());

        var (sent, taken) = await RunAsync(source, sink, encrypts: true);

        Assert.Equal((TransferFault.SourceChanged, TransferFault.SourceChanged), (sent.Fault, taken.Fault));
        Assert.Equal((null, 1), (sink.Final, sink.Discards));
    }

    [Fact]
    public async Task T4_SourceThatShrinks_IsRefused()
    {
        var source = new MemorySource(Content(2_000_000));
        source.Content = source.Content[..1_500_000];

        var (sent, taken) = await RunAsync(source, new(), encrypts: true);

        Assert.Equal((TransferFault.SourceChanged, TransferFault.SourceChanged), (sent.Fault, taken.Fault));
    }

    [Fact]
    public async Task T10_DiskThatIsFull_EndsBothWithTheReason()
    {
        var sink = new MemorySink { WriteFault = new FileFault(FileError.NoSpace, "/x") };

        var (sent, taken) = await RunAsync(new(Content(3_000_000)), sink, encrypts: true);

        Assert.Equal((TransferFault.NoSpace, TransferFault.NoSpace), (sent.Fault, taken.Fault));
        Assert.Null(sink.Final);
    }

    [Fact]
    public async Task T10_SinkThatIsGoneBeforeItsReasonWasHeard_IsHeardAllTheSame()
    {
        var sink = new MemorySink { WriteFault = new FileFault(FileError.NoSpace, "/x") };

        // The first part arrives; the second finds the stream broken while the answer to the first is on its way back.
        var (sent, _) = await RunAsync(new(Content(3_000_000)), sink, encrypts: true, (begin, chunk) => begin > 100_000 ? throw new IOException("broken pipe") : chunk);

        Assert.Equal(TransferFault.NoSpace, sent.Fault);
    }

    [Fact]
    public async Task T8_WhatTheMiddleSees_IsNeitherContentNorHash()
    {
        var content = new byte[300_000];
        content.AsSpan().Fill((byte)'A');
        var seen = new MemoryStream();

        await RunAsync(new(content), new(), encrypts: true, (_, chunk) =>
        {
            seen.Write(chunk);
            return chunk;
        });

        Assert.Equal(-1, seen.ToArray().AsSpan().IndexOf("AAAAAAAA"u8));
        Assert.Equal(-1, seen.ToArray().AsSpan().IndexOf(SHA256.HashData(content)));
    }

    [Fact]
    public async Task T9_SinkThatNeverAnswers_EndsTheSource()
    {
        var time = new FakeTimeProvider();
        var begin = time.GetTimestamp();
        var (left, right) = LoopbackRelayStream.CreatePair();
        await using var silent = right;
        using var seals = TunnelSeals.Plain(TransferRole.Source);
        using var attempt = new SourceAttempt(new MemorySource(Content(10)), left, seals, s_settings, time);

        var running = attempt.RunAsync(TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(TransferFault.PeerLost, (await running).Fault);
        Assert.True(time.GetElapsedTime(begin) >= AttemptSettings.Standard.SilenceLimit);
    }

    [Fact]
    public async Task Cancel_InTheMiddle_EndsBothAndKeepsWhatCame()
    {
        using var stop = new CancellationTokenSource();
        var sink = new MemorySink();

        var (sent, taken) = await RunAsync(new(Content(9_000_000)), sink, encrypts: true, (at, chunk) =>
        {
            if (at > 5_000_000)
            {
                stop.Cancel();
            }

            return chunk;
        }, stop);

        Assert.Equal((TransferFault.Cancelled, TransferFault.Cancelled), (sent.Fault, taken.Fault));
        Assert.Equal((null, 0), (sink.Final, sink.Discards));
        Assert.InRange(sink.Durable, 1, 9_000_000);
    }

    [Fact]
    public void T1_AnyWayOfBreaking_LeavesTheFinalFileWholeOrNotThere() => Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[0, 3_200_000], Gen.Bool).Sample(
        (size, cutAt, encrypts) =>
        {
            var content = Content(size);
            var sink = new MemorySink();
            var task = RunAsync(new(content), sink, encrypts, (at, chunk) => at + chunk.Length > cutAt ? throw new IOException("cut") : chunk);
            return task.Wait(TimeSpan.FromSeconds(60)) && (sink.Final is null || sink.Final.AsSpan().SequenceEqual(content));
        },
        iter: 40,
        threads: 1);

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private static byte[] Flip(long begin, byte[] chunk, long at)
    {
        if (at >= begin && at < begin + chunk.Length)
        {
            chunk[at - begin] ^= 0x10;
        }

        return chunk;
    }

    private static async Task<(AttemptEnd Sent, AttemptEnd Taken)> RunAsync(
        MemorySource source, MemorySink sink, bool encrypts, Func<long, byte[], byte[]>? alter = null, CancellationTokenSource? stop = null)
    {
        var keys = TunnelKeys.Derive(RandomNumberGenerator.GetBytes(32), new byte[32]);
        using var sourceSeals = encrypts ? TunnelSeals.Encrypted(keys, TransferRole.Source) : TunnelSeals.Plain(TransferRole.Source);
        using var sinkSeals = encrypts ? TunnelSeals.Encrypted(keys, TransferRole.Sink) : TunnelSeals.Plain(TransferRole.Sink);
        var (left, right) = LoopbackRelayStream.CreatePair();
        using var sending = new SourceAttempt(source, alter is null ? left : new MiddleStream(left, alter), sourceSeals, s_settings, TimeProvider.System);
        using var taking = new SinkAttempt(sink, (source.Length, source.Fingerprint), right, sinkSeals, s_settings, TimeProvider.System);
        var sent = EndAsync(sending.RunAsync(stop?.Token ?? CancellationToken.None), left);
        var taken = EndAsync(taking.RunAsync(CancellationToken.None), right);
        return (await sent, await taken);
    }

    private static async Task<AttemptEnd> EndAsync(Task<AttemptEnd> attempt, Stream stream)
    {
        var end = await attempt;
        await stream.DisposeAsync();
        return end;
    }
}
