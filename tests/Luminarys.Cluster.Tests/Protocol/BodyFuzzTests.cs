using System.Diagnostics;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using MessagePack;

namespace Luminarys.Cluster.Tests.Protocol;

/// <summary>
/// Hands damaged bodies to every decoder: none throws, and what one accepts means the same after it was written and read again. Only bodies that
/// stand in a well-formed envelope reach a decoder.
/// </summary>
public sealed class BodyFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Hello_AnyBytes_GetAVerdict() => Fuzz<HelloMessage>("hello");

    [Fact]
    public void Register_AnyBytes_GetAVerdict() => Fuzz<RegisterMessage>("reg");

    [Fact]
    public void Deregister_AnyBytes_GetAVerdict() => Fuzz<DeregisterMessage>("dereg");

    [Fact]
    public void Heartbeat_AnyBytes_GetAVerdict() => Fuzz<HeartbeatMessage>("hb");

    [Fact]
    public void SnapshotRequest_AnyBytes_GetAVerdict() => Fuzz<SnapshotRequest>("snap");

    [Fact]
    public void Snapshot_AnyBytes_GetAVerdict() => Fuzz<SnapshotMessage>("snap-answer");

    [Fact]
    public void Call_AnyBytes_GetAVerdict() => Fuzz<CallMessage>("call");

    [Fact]
    public void Cancel_AnyBytes_GetAVerdict() => Fuzz<CancelMessage>("cancel");

    [Fact]
    public void Beacon_AnyBytes_GetAVerdict() => Fuzz<BeaconMessage>("beacon");

    [Fact]
    public void Delta_AnyBytes_GetAVerdict() => Fuzz<DeltaMessage>("delta");

    [Fact]
    public void Frame_AnyBytes_GetAVerdict() => Fuzz<CallFrame>("frame-result", "frame-error", "frame-reject", "frame-ack");

    [Fact]
    public void Answer_AnyBytes_GetAVerdict() => Fuzz<AnswerMessage>("hello-answer", "hb-answer", "reg-answer", "hb-stale-epoch");

    private static byte[]? Write<T>(ReadOnlyMemory<byte> body)
        where T : IWireBody<T>
    {
        if (!Wire.TryRead<T>(body, out var message))
        {
            return null;
        }

        using var buffer = new PooledBuffer();
        var writer = new MessagePackWriter(buffer);
        message.Write(ref writer);
        writer.Flush();
        return buffer.Written.ToArray();
    }

    private static byte[] BodyOf(string name)
    {
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(GoldenMessages.All[name], out var envelope));
        return envelope.Body.ToArray();
    }

    private void Fuzz<T>(params string[] names)
        where T : IWireBody<T>
    {
        var fuzzer = new WireFuzzer(Environment.TickCount);
        var bodies = names.Select(BodyOf).ToArray();
        var watch = Stopwatch.StartNew();
        long runs = 0, read = 0;
        for (; watch.Elapsed < WireFuzzer.Limit; runs++)
        {
            var bytes = fuzzer.Next(bodies[runs % bodies.Length]);
            if (!WireGuard.Accepts(bytes))
            {
                continue;
            }

            try
            {
                if (Write<T>(bytes) is { } written)
                {
                    read++;
                    Assert.Equal(written, Write<T>(written));
                }
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {fuzzer.Seed}, run {runs}: {exception}\n{Convert.ToHexString(bytes)}");
            }
        }

        output.WriteLine($"{runs} bodies, {read} of them read, seed {fuzzer.Seed}");
        Assert.InRange(read, 1, runs - 1);
    }
}
