using System.Diagnostics;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;

namespace Luminarys.Cluster.Tests.Protocol;

/// <summary>Hands damaged messages of every kind to the reader of envelopes.</summary>
public sealed class EnvelopeFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void TryRead_AnyBytes_GetAVerdict()
    {
        var fuzzer = new WireFuzzer(Environment.TickCount);
        var messages = GoldenMessages.All.Values.ToArray();
        var watch = Stopwatch.StartNew();
        long runs = 0, read = 0;
        for (; watch.Elapsed < WireFuzzer.Limit; runs++)
        {
            var bytes = fuzzer.Next(messages[runs % messages.Length]);
            try
            {
                read += EnvelopeCodec.TryRead(bytes, out var envelope) != EnvelopeStatus.Malformed && !envelope.Body.IsEmpty ? 1 : 0;
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {fuzzer.Seed}, run {runs}: {exception}\n{Convert.ToHexString(bytes)}");
            }
        }

        output.WriteLine($"{runs} messages, {read} of them read, seed {fuzzer.Seed}");
        Assert.InRange(read, 1, runs - 1);
    }
}
