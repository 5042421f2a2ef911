using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests;

/// <summary>
/// A living master and slave, without keys, and somebody on the bus who writes what he likes but is neither of the two: what he writes changes nothing
/// and is counted.
/// </summary>
[Collection(nameof(WholeNodes))]
public sealed class HostileInputTests : IAsyncDisposable
{
    private static readonly TimeSpan s_join = TimeSpan.FromSeconds(10);
    private readonly TestCluster _cluster = new();
    private readonly ConcurrentQueue<BusPacket> _seen = new();
    private readonly TemporaryDirectory _state = new();
    private readonly Random _random;
    private readonly int _seed = Environment.TickCount;

    public HostileInputTests()
    {
        _random = new(_seed);
        _cluster.Wire = bus => new HostileBus(bus, () => packet => [packet], _seen);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _state.Dispose();
    }

    [Fact]
    public async Task BadInput_OfEveryKind_ChangesNothingAndIsCounted()
    {
        var (master, slave, before) = await JoinedAsync();
        var packets = _seen.ToArray();
        using var dropped = new DropCounter();
        Func<BusPacket, bool> any = _ => true, addressed = packet => !IsBroadcast(packet), answers = IsAnswer;
        (string Name, Func<BusPacket, bool> Where, Func<BusPacket, BusPacket> Make, string Reason)[] kinds =
        [
            ("damaged shape", any, packet => packet with { Bytes = Misshapen(packet.Bytes) }, "malformed"),
            ("another cluster", any, packet => With(packet, "cid", Text("elsewhere")), "cluster"),
            ("another sender", packet => packet.Subject.Contains(".m.", StringComparison.Ordinal), packet => With(packet, "src", Text("somebody")), "source"),
            ("another type", packet => !IsAnswer(packet), packet => With(packet, "t", Text("nothing")), "type"),
            ("another id", answers, packet => packet with { Subject = packet.Subject[..^1] + (packet.Subject[^1] == '0' ? '1' : '0') }, "type"),
            ("an id that is none", answers, packet => packet with { Subject = packet.Subject[..^32] + "x" }, "subject"),
            ("an answer that nobody waits for", answers, packet => packet, "unasked"),
            ("a body of another kind", packet => !IsAnswer(packet), packet => With(packet, "b", [0x93, 1, 2, 3]), "body"),
            ("for another process", addressed, packet => With(With(packet, "inst", Bytes(16)), "to_inst", Bytes(16)), "instance"),
            ("an epoch beyond belief", addressed, packet => With(With(packet, "inst", Bytes(16)), "ep", Number(ulong.MaxValue - 5)), "epoch-jump"),
        ];

        foreach (var (name, where, make, reason) in kinds)
        {
            var counted = dropped.Reasons.GetValueOrDefault(reason);
            await SendAsync(packets.Where(where).Select(make).ToList());
            await _cluster.PassAsync(TimeSpan.FromSeconds(1));

            Assert.True(before == StateOf(master, slave), $"{name}, seed {_seed}:\n{before}\n{StateOf(master, slave)}");
            Assert.True(dropped.Reasons.GetValueOrDefault(reason) > counted, $"{name} was not counted: {string.Join(' ', dropped.Reasons)}");
        }

        await StillServesAsync(master, slave);
    }

    [Fact]
    public async Task FuzzedMessages_OfAnotherProcess_ChangeNothing()
    {
        var (master, slave, before) = await JoinedAsync();

        // Where nothing binds a name to its node, whoever says in good form that he is a master or a new process is heard: that is what permissions and
        // keys are for.
        var packets = _seen.Where(packet => !packet.Subject.EndsWith(".hello", StringComparison.Ordinal) && !IsBroadcast(packet)).ToArray();
        var fuzzer = new WireFuzzer(_seed);
        using var dropped = new DropCounter();

        for (var round = 0; round < 5; round++)
        {
            await SendAsync(Enumerable.Range(0, 1000).Select(_ =>
            {
                var packet = packets[_random.Next(packets.Length)];

                // Whoever knows the random name of a process may speak as it where keys are not pinned; he does not know it.
                return packet with { Bytes = fuzzer.Next(With(packet, "inst", Bytes(16)).Bytes) };
            }));
            await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.True(before == StateOf(master, slave), $"seed {_seed}:\n{before}\n{StateOf(master, slave)}");
        Assert.True(dropped.Count > 2500, $"{dropped.Count} of 5000 were counted");
        await StillServesAsync(master, slave);
    }

    [Fact]
    public async Task StaleEpoch_IsAnsweredOrDropped_AndChangesNothing()
    {
        var (master, slave, before) = await JoinedAsync();

        // Lists and heartbeats of the slave's own process under the epoch before; a master of that epoch that calls, cancels and announces itself.
        await SendAsync(_seen.ToArray().Where(packet => packet.Subject.EndsWith(".reg", StringComparison.Ordinal) || packet.Subject.EndsWith(".hb", StringComparison.Ordinal))
            .Where(packet => !IsBroadcast(packet)).Select(packet => With(packet, "ep", Number(0))));
        await SendAsync(_seen.ToArray().Where(packet => packet.Subject.Contains(".n.", StringComparison.Ordinal) || IsBroadcast(packet))
            .Select(packet => With(With(packet, "ep", Number(0)), "inst", Bytes(16))));
        await _cluster.PassAsync(TimeSpan.FromSeconds(2));

        Assert.True(before == StateOf(master, slave), $"{before}\n{StateOf(master, slave)}");
        await StillServesAsync(master, slave);
    }

    [Fact]
    public async Task C2_ManyCallsAtOnce_TravelInBundles_AndRepeatedOnesChangeNothing()
    {
        var (master, slave, _) = await JoinedAsync();

        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slave.Runtime.Body = async (_, _) =>
        {
            await end.Task;
            return InvocationResult.Success(new byte[] { 0x80 });
        };

        var calls = Enumerable.Range(0, 48).Select(_ => Task.Run(() => CallAsync(master))).ToList();
        await _cluster.UntilAsync(() => slave.Runtime.Begun.Count == 49, s_join, "all have begun");
        end.SetResult();
        var results = await Task.WhenAll(calls);

        Assert.All(results, result => Assert.True(result.IsSuccess, result.Message));
        var bundles = _seen.Where(packet => packet.Subject.EndsWith(".bundle", StringComparison.Ordinal)).ToList();
        Assert.Contains(bundles, bundle => bundle.Subject == "lm.v1.test.n.slave-1.bundle");
        Assert.Contains(bundles, bundle => bundle.Subject == "lm.v1.test.m.slave-1.bundle");
        var before = StateOf(master, slave);
        using var dropped = new DropCounter();

        await SendAsync(bundles.Concat(bundles.Select(bundle => bundle with { Bytes = bundle.Bytes[..^1] })));
        await _cluster.UntilAsync(
            () => dropped.Reasons.GetValueOrDefault("bundle") >= bundles.Count && dropped.Reasons.GetValueOrDefault("repeated") > 0 && dropped.Reasons.GetValueOrDefault("unasked") > 0,
            s_join, "all of it is counted");

        Assert.True(before == StateOf(master, slave), $"seed {_seed}:\n{before}\n{StateOf(master, slave)}");
        await StillServesAsync(master, slave);
    }

    [Fact]
    public async Task Oversize_IsNotTaken()
    {
        var (master, slave, before) = await JoinedAsync();
        await using var bus = new LoopbackBus(_cluster.Hub);
        Assert.Null(await bus.ConnectAsync(TestContext.Current.CancellationToken));
        var packet = _seen.First(item => item.Subject.EndsWith(".hb", StringComparison.Ordinal) || item.Subject.EndsWith(".reg", StringComparison.Ordinal));
        var large = With(packet, "zz", [0xc6, .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(bus.MaxPayload)), .. new byte[bus.MaxPayload]]);

        Assert.Equal(InvocationError.PayloadTooLarge, await bus.PublishAsync(large.Subject, null, large.Bytes, TestContext.Current.CancellationToken));

        Assert.Equal(before, StateOf(master, slave));
    }

    private async Task<(TestNode Master, TestNode Slave, string State)> JoinedAsync()
    {
        var master = _cluster.Master(state: _state.Path, skills: ["echo"]);
        Assert.Null(await _cluster.StartAsync(master));
        var slave = _cluster.Slave("slave-1", options => options.StateDirectory = _state.Path, "far");
        Assert.Null(await _cluster.StartAsync(slave));
        await _cluster.UntilAsync(() => master.Skills.Length == 2 && slave.Skills.SequenceEqual(master.Skills), s_join, "the slave joined");
        Assert.True((await CallAsync(master)).IsSuccess);
        await _cluster.PassAsync(TimeSpan.FromSeconds(6));
        return (master, slave, StateOf(master, slave));
    }

    private async Task StillServesAsync(TestNode master, TestNode slave)
    {
        var begun = slave.Runtime.Begun.Count;
        Assert.True((await CallAsync(master)).IsSuccess, $"seed {_seed}");
        Assert.Equal(begun + 1, slave.Runtime.Begun.Count);
    }

    private static async Task<InvocationResult> CallAsync(TestNode master) => await master.Invoker.InvokeAsync(
        new(CallId.New(TimeProvider.System), new("far"), "echo", new byte[] { 0x80 }, default, Deadline.Never), TestContext.Current.CancellationToken);

    // Everything that a node keeps or shows: the registry, what it has written, what it has run, and whether it goes on.
    private string StateOf(TestNode master, TestNode slave)
    {
        var text = new StringBuilder();
        foreach (var node in new[] { master, slave })
        {
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{node.Registry.Current.Version} {node.Runtime.Begun.Count} {node.Faulted.IsCompleted}");
            foreach (var entry in node.Registry.Current.Entries)
            {
                text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"  {entry.Skill.Id}@{entry.Node} {entry.Skill.Digest}");
            }
        }

        foreach (var file in Directory.GetFiles(_state.Path).Order(StringComparer.Ordinal))
        {
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}");
        }

        return text.ToString();
    }

    private async Task SendAsync(IEnumerable<BusPacket> packets)
    {
        await using var bus = new LoopbackBus(_cluster.Hub);
        Assert.Null(await bus.ConnectAsync(TestContext.Current.CancellationToken));
        foreach (var (subject, replyTo, bytes) in packets)
        {
            await bus.PublishAsync(subject, replyTo, bytes, TestContext.Current.CancellationToken);
        }
    }

    private static bool IsAnswer(BusPacket packet) => packet.Subject.Contains(".a.", StringComparison.Ordinal) || packet.Subject.Contains(".r.", StringComparison.Ordinal);

    private static bool IsBroadcast(BusPacket packet) => packet.Subject.Contains(".b.", StringComparison.Ordinal);

    private byte[] Misshapen(byte[] good) => _random.Next(6) switch
    {
        0 => good[..^(1 + _random.Next(good.Length - 1))],
        1 => [.. good, 0xc0],
        2 => WireFuzzer.Join([.. WireFuzzer.Fields(good), .. WireFuzzer.Fields(good)]),
        3 => WireFuzzer.Join([.. WireFuzzer.Fields(good), ("zz", [.. Enumerable.Repeat((byte)0x91, 40), 0xc0])]),
        4 => WireFuzzer.Join([.. WireFuzzer.Fields(good), ("zz", [0xdd, 0xff, 0xff, 0xff, 0xff])]),
        _ => WireFuzzer.Join([.. WireFuzzer.Fields(good), ("zz", [0xd4, 1, 0])]),
    };

    private static BusPacket With(BusPacket packet, string key, byte[] value)
    {
        var fields = WireFuzzer.Fields(packet.Bytes);
        var at = fields.FindIndex(field => field.Key == key);
        if (at < 0 && key == "to_inst")
        {
            return packet;
        }

        var changed = at < 0 ? [.. fields, (key, value)] : fields.Select((field, i) => i == at ? (key, value) : field).ToList();
        return packet with { Bytes = WireFuzzer.Join(changed) };
    }

    private static byte[] Text(string text) => [(byte)(0xa0 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return [0xc4, (byte)count, .. bytes];
    }

    private static byte[] Number(ulong number)
    {
        var bytes = new byte[9];
        bytes[0] = 0xcf;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), number);
        return bytes;
    }
}
