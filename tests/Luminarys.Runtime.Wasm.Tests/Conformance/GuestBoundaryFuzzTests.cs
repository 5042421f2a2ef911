using System.Diagnostics;
using System.Globalization;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>
/// Hands random and mutated messages to everything that reads what a guest wrote: none may throw, take a second, or allocate more than a fixed
/// multiple of the message. Takes as many seconds as LUMINARYS_FUZZ_SECONDS says, for each decoder.
/// </summary>
public sealed class GuestBoundaryFuzzTests(ITestOutputHelper output)
{
    private const int MaxLength = 4096;

    private static readonly TimeSpan s_time =
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    [Fact]
    public void S9_MessageGuard_AnyBytes_GetAVerdict() => Fuzz(message => MessageGuard.FindFault(message.Span));

    [Fact]
    public void S9_GuestCodec_AnyBytes_GetAVerdict() => Fuzz(message => GuestCodec.TryReadResponse(message, out _, out _));

    [Fact]
    public void S9_DescriptorCodec_AnyBytes_GetAVerdict() => Fuzz(message => DescriptorCodec.TryRead(message, [], out _, out _));

    [Fact]
    public void S9_GuestJson_AnyGuardedMessage_BecomesJson() => Fuzz(message =>
    {
        if (MessageGuard.FindFault(message.Span) is null)
        {
            var reader = new MessagePackReader(message);
            using var json = System.Text.Json.JsonDocument.Parse(GuestJson.Read(ref reader), new() { MaxDepth = 128 });
        }
    });

    [Fact]
    public void S9_FieldReader_AnyGuardedMessage_IsReadToItsEnd()
    {
        var which = 0;
        Fuzz(message =>
        {
            if (MessageGuard.FindFault(message.Span) is null)
            {
                ReadAll(new FieldReader(message), ref which);
            }
        });
    }

    // Each kind of field in turn, whatever the value is.
    private static void ReadAll(FieldReader fields, ref int which)
    {
        while (fields.TryNext(out _))
        {
            switch (which++ % 9)
            {
                case 0: fields.Text(); break;
                case 1: fields.Integer(); break;
                case 2: fields.Flag(); break;
                case 3: fields.Bytes(); break;
                case 4: fields.Number(); break;
                case 5: fields.Texts(); break;
                case 6: fields.Maps(inner => inner.TryNext(out _) ? inner.Text() : ""); break;
                case 7: fields.Raw(); break;
                default: fields.Skip(); break;
            }
        }
    }

    private void Fuzz(Action<ReadOnlyMemory<byte>> read)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var corpus = Corpus();
        foreach (var message in corpus)
        {
            read(message);
        }

        long runs = 0;
        var slowest = TimeSpan.Zero;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < s_time)
        {
            var message = Mutate(random, corpus);
            var begun = watch.Elapsed;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(message);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, run {runs}: {exception.GetType().Name}: {exception.Message}\n{Convert.ToHexString(message)}\n{exception.StackTrace}");
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(allocated < 1 << 20, $"seed {seed}, run {runs}: {allocated} bytes allocated for\n{Convert.ToHexString(message)}");
            var took = watch.Elapsed - begun;
            slowest = took > slowest ? took : slowest;
            runs++;
        }

        output.WriteLine($"{runs} messages in {watch.Elapsed.TotalSeconds:F1} s, slowest {slowest.TotalMilliseconds:F1} ms, seed {seed}");
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static byte[][] Corpus()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "assets", "corpus", "abi"), "*.hex");
        Assert.NotEmpty(files);
        return
        [
            .. files.SelectMany(File.ReadAllLines)
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => Convert.FromHexString(line.Replace(" ", "", StringComparison.Ordinal))),
        ];
    }

    private static byte[] Mutate(Random random, byte[][] corpus)
    {
        if (random.Next(8) == 0)
        {
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            return noise;
        }

        var message = new List<byte>(corpus[random.Next(corpus.Length)]);
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(message.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < message.Count:
                    message[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < message.Count:
                    message[at] = (byte)random.Next(256);
                    break;
                case 2:
                    message.Insert(at, Interesting(random));
                    break;
                case 3 when at < message.Count:
                    message.RemoveRange(at, random.Next(message.Count - at) + 1);
                    break;
                case 4:
                    // A part of another message, which is often a whole value.
                    var other = corpus[random.Next(corpus.Length)];
                    var start = random.Next(other.Length + 1);
                    message.InsertRange(at, other[start..random.Next(start, other.Length + 1)]);
                    break;
                default:
                    message.InsertRange(at, Enumerable.Repeat(Interesting(random), random.Next(1, 40)));
                    break;
            }
        }

        return [.. message.Take(MaxLength)];
    }

    // Headers rather than any byte: they decide how everything behind them is read.
    private static byte Interesting(Random random) =>
        random.Next(4) == 0 ? (byte)random.Next(256) : (byte)(random.Next(2) == 0 ? random.Next(0xc0, 0xe0) : random.Next(0x80, 0xa0));
}
