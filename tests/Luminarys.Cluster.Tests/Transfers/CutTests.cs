using System.Diagnostics;
using System.Security.Cryptography;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Files;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Cluster.Tests.Transfers;

/// <summary>
/// A large file on a real disk, whose channel is cut twenty times: no cut makes the source send more than one window again, counted in bytes on the channel. T-4. The size
/// is <c>LUMINARYS_CUT_MIB</c>.
/// </summary>
public sealed class CutTests(ITestOutputHelper output) : IDisposable
{
    private const int Cuts = 20;
    private const int Mebi = 1024 * 1024;

    private static readonly long s_length = Mebi * long.Parse(Environment.GetEnvironmentVariable("LUMINARYS_CUT_MIB") ?? "128", System.Globalization.CultureInfo.InvariantCulture);

    // The standard window for the standard size, a gibibyte: a smaller file is cut as often in as many windows.
    private static readonly AttemptSettings s_settings = new() { Window = s_length / 16 };
    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-cuts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task T4_TwentyCuts_ResendAtMostAWindowEach()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var from = Path.Combine(_folder, "from");
        Fill(from, random);
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddFileAccess(_ => { }).BuildServiceProvider();
        using var files = services.GetRequiredService<IFileAccess>().GrantTransfers([new(_folder, AccessMode.ReadWrite)], []);
        var (resent, most, begin) = (0L, 0L, Stopwatch.GetTimestamp());
        var reached = 0L;
        for (var cut = 1; ; cut++)
        {
            using var source = files.OpenOutgoing(from).Value!;
            using var sink = files.OpenIncoming(Path.Combine(_folder, "to"), new(7, 7, source.Length, source.Mode, Overwrites: true)).Value!;
            if (cut > 1)
            {
                Assert.InRange(reached - sink.Durable, 0, s_settings.Window + TunnelLimits.MaxFrame);
                (resent, most) = (resent + reached - sink.Durable, Math.Max(most, reached - sink.Durable));
            }

            var left = source.Length - sink.Durable;
            var end = cut > Cuts ? long.MaxValue : random.NextInt64(Math.Min(left, source.Length / 10));
            var begun = sink.Durable;
            var (fault, sent) = await RunAsync(source, sink, end);
            reached = begun + sent;
            if (cut > Cuts)
            {
                Assert.Equal(TransferFault.None, fault);
                break;
            }

            Assert.NotEqual(TransferFault.None, fault);
            Assert.False(File.Exists(Path.Combine(_folder, "to")));
        }

        Assert.Equal(HashOf(from), HashOf(Path.Combine(_folder, "to")));
        output.WriteLine(
            $"seed {seed}: {s_length / Mebi} MiB, window {s_settings.Window / Mebi} MiB, {Cuts} cuts; sent again {resent / Mebi} MiB in all, {(double)most / Mebi:0.0} MiB after one cut; {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s");
    }

    // Answers how it ended for the source, and how many bytes it gave to the channel.
    private static async Task<(TransferFault Fault, long Sent)> RunAsync(IOutgoingFile source, IIncomingFile sink, long cutAt)
    {
        var keys = TunnelKeys.Derive(RandomNumberGenerator.GetBytes(32), new byte[32]);
        using var sourceSeals = TunnelSeals.Encrypted(keys, TransferRole.Source);
        using var sinkSeals = TunnelSeals.Encrypted(keys, TransferRole.Sink);
        var (left, right) = LoopbackRelayStream.CreatePair();
        var sent = 0L;
        await using var counted = new MiddleStream(left, (at, chunk) =>
        {
            sent = at + chunk.Length;
            return sent > cutAt ? throw new IOException("cut") : chunk;
        });
        using var sending = new SourceAttempt(source, counted, sourceSeals, s_settings, TimeProvider.System);
        using var taking = new SinkAttempt(sink, (source.Length, source.Fingerprint), right, sinkSeals, s_settings, TimeProvider.System);
        var ended = EndAsync(sending.RunAsync(CancellationToken.None), left);
        await EndAsync(taking.RunAsync(CancellationToken.None), right);
        return ((await ended).Fault, sent);
    }

    private static async Task<AttemptEnd> EndAsync(Task<AttemptEnd> attempt, Stream stream)
    {
        var end = await attempt;
        await stream.DisposeAsync();
        return end;
    }

    private static void Fill(string path, Random random)
    {
        using var file = File.Create(path);
        var block = new byte[Mebi];
        for (long at = 0; at < s_length; at += block.Length)
        {
            random.NextBytes(block);
            file.Write(block);
        }
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
