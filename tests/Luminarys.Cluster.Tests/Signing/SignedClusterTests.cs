using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Text;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Signing;

/// <summary>Whole nodes with pinned keys on a loopback bus that is hostile.</summary>
[Collection(nameof(WholeNodes))]
public sealed class SignedClusterTests : IAsyncDisposable
{
    private static readonly TimeSpan s_join = TimeSpan.FromSeconds(14);
    private readonly TestCluster _cluster = new();
    private readonly KeyRing _keys = new();
    private readonly ConcurrentQueue<BusPacket> _seen = new();
    private Tamper _tamper = packet => [packet];

    public SignedClusterTests()
    {
        _cluster.QuietRounds = 10;
        _cluster.Wire = bus => new HostileBus(bus, () => _tamper, _seen);
        _cluster.ConfigureMaster = options => _keys.Apply(options, "slave-1", "slave-2");
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _keys.Dispose();
    }

    [Fact]
    public async Task PinnedNodes_JoinAndAnswerCalls()
    {
        var (master, slave) = await JoinedAsync();

        var result = await CallAsync(master, "far", "over there");

        Assert.Equal("over there", Encoding.UTF8.GetString(result.Payload.Span));
        await _cluster.UntilAsync(() => slave.Skills.SequenceEqual(master.Skills), s_join, "the slave's copy equals the master's registry");
        Assert.All(_seen, packet => Assert.NotNull(Read(packet).Seal));
        Assert.All(_seen, packet => Assert.Equal(MessageTypes.IsTraffic(Read(packet).Type), Read(packet).Seal!.Signature.IsEmpty));
    }

    [Fact]
    public async Task PinnedNodes_StayTogether_AndFollowARestartedMaster()
    {
        var (master, _) = await JoinedAsync();
        await _cluster.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["echo@master", "far@slave-1"], master.Skills);
        await master.KillAsync();
        var next = _cluster.Master(skills: ["echo"]);

        Assert.Null(await _cluster.StartAsync(next));

        await _cluster.UntilAsync(() => next.Skills.Length == 2, s_join, "the slave registered with the next master");
        Assert.True((await CallAsync(next, "far", "again")).IsSuccess);
    }

    [Fact]
    public async Task SecondStartOfTheMaster_IsRefused()
    {
        await JoinedAsync();

        var fault = await _cluster.StartAsync(_cluster.Master());

        Assert.Equal(InvocationError.MasterConflict, fault?.Error);
    }

    [Fact]
    public async Task TwoMastersAfterAPartition_TheLowerStepsDown()
    {
        var (old, _) = await JoinedAsync();
        old.SetCut(true);
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        var next = _cluster.Master(skills: ["echo"]);
        Assert.Null(await _cluster.StartAsync(next));
        await _cluster.UntilAsync(() => next.Skills.Length == 2, s_join, "the slave follows the new master");

        old.SetCut(false);

        await _cluster.UntilAsync(() => old.Faulted.IsCompleted || next.Faulted.IsCompleted, s_join, "one of the two steps down");
        Assert.NotEqual(old.Faulted.IsCompleted, next.Faulted.IsCompleted);
    }

    [Fact]
    public async Task SecondStartOfTheSlave_IsRefused()
    {
        var (master, _) = await JoinedAsync();
        var twin = _cluster.Slave(
            "slave-1",
            options =>
            {
                _keys.Apply(options, "master");
                options.NodeIdRetryLimit = TimeSpan.FromSeconds(2);
                options.NodeIdRetryInterval = TimeSpan.FromSeconds(1);
            },
            "twin");
        Assert.Null(await _cluster.StartAsync(twin));

        var fault = await _cluster.UntilAsync(twin.Faulted, TimeSpan.FromSeconds(15), "the twin gave up");

        Assert.Equal(InvocationError.NodeIdInUse, fault.Error);
        Assert.Equal(["echo@master", "far@slave-1"], master.Skills);
    }

    [Fact]
    public async Task UnsignedSlave_IsNotAdmitted()
    {
        var master = _cluster.Master(skills: ["echo"]);
        Assert.Null(await _cluster.StartAsync(master));
        Assert.Null(await _cluster.StartAsync(_cluster.Slave("slave-1", "far")));

        await _cluster.PassAsync(s_join);

        Assert.Equal(["echo@master"], master.Skills);
    }

    [Fact]
    public async Task SlaveWithAnotherKey_IsNotAdmitted()
    {
        using var others = new KeyRing();
        var master = _cluster.Master(skills: ["echo"]);
        Assert.Null(await _cluster.StartAsync(master));
        Assert.Null(await _cluster.StartAsync(_cluster.Slave(
            "slave-1",
            options =>
            {
                options.NodeKeyFile = others.File("slave-1");
                options.TrustedNodes["master"] = _keys.Fingerprint("master");
            },
            "far")));

        await _cluster.PassAsync(s_join);

        Assert.Equal(["echo@master"], master.Skills);
    }

    [Fact]
    public async Task UnsignedMaster_IsNotFollowed()
    {
        _cluster.ConfigureMaster = null;
        var master = _cluster.Master(skills: ["echo"]);
        Assert.Null(await _cluster.StartAsync(master));
        var slave = _cluster.Slave("slave-1", options => _keys.Apply(options, "master"), "far");
        Assert.Null(await _cluster.StartAsync(slave));

        await _cluster.PassAsync(s_join);

        Assert.Equal(["echo@master"], master.Skills);
        Assert.DoesNotContain(slave.Skills, skill => skill.EndsWith("@master", StringComparison.Ordinal));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task KeyFileThatOthersMayRead_StopsTheStart()
    {
        File.SetUnixFileMode(_keys.File("master"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var fault = await _cluster.StartAsync(_cluster.Master());

        Assert.Contains("cluster.node_key_file", fault?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BusThatAltersAndRepeats_ChangesNothing()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var (master, slave) = await JoinedAsync();
        var before = StateOf(master, slave);
        var old = _seen.ToArray();

        // In front of and behind every message: altered copies, the message again, and one of long ago.
        _tamper = packet =>
        {
            lock (random)
            {
                BusPacket[] copies = [Altered(random, packet), Altered(random, packet), packet, packet, Altered(random, packet), old[random.Next(old.Length)]];
                return copies;
            }
        };
        var calls = Enumerable.Range(0, 20).Select(i => CallAsync(master, "far", $"call {i}")).ToArray();
        var results = await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await _cluster.PassAsync(TimeSpan.FromSeconds(20));

        Assert.All(results, result => Assert.True(result.IsSuccess, $"{result.Error}, seed {seed}"));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"call {i}"), results.Select(result => Encoding.UTF8.GetString(result.Payload.Span)));
        Assert.All(slave.Runtime.Begun, begun => Assert.Equal(1, begun.Value));
        Assert.Equal(before, StateOf(master, slave));
        Assert.False(master.Faulted.IsCompleted || slave.Faulted.IsCompleted);
    }

    [Fact]
    public async Task BusThatRepeatsEverythingToTheNextProcesses_ChangesNothing()
    {
        var (master, slave) = await JoinedAsync();
        await CallAsync(master, "far", "x");
        await master.KillAsync();
        await slave.KillAsync();
        var old = _seen.ToArray();
        var next = _cluster.Master(skills: ["echo"]);
        Assert.Null(await _cluster.StartAsync(next));
        var before = StateOf(next);
        using var dropped = new DropCounter();

        // The slave does not run any more: only its recorded words are there. Its next process hears the recorded calls.
        await ReplayAsync(old);
        await _cluster.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(before, StateOf(next));
        Assert.Equal(["echo@master"], next.Skills);
        var newcomer = _cluster.Slave("slave-1", options => _keys.Apply(options, "master"), "far");
        Assert.Null(await _cluster.StartAsync(newcomer));
        await _cluster.UntilAsync(() => next.Skills.Length == 2, s_join, "the next process of the slave joined");
        await ReplayAsync(old);
        await _cluster.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(["echo@master", "far@slave-1"], next.Skills);
        Assert.Empty(newcomer.Runtime.Begun);
        Assert.False(next.Faulted.IsCompleted || newcomer.Faulted.IsCompleted);
        Assert.True(dropped.Count >= old.Length, $"{dropped.Count} of {old.Length} were counted");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Defence_Signatures_ForgedLeaveCancelAndCall(bool isOn)
    {
        _cluster.ConfigureMaster = options =>
        {
            _keys.Apply(options, "slave-1");
            options.Defences = new() { Signatures = isOn };
        };
        var (master, slave) = await JoinedAsync(options => options.Defences = new() { Signatures = isOn });
        var ofSlave = Read(_seen.Last(packet => packet.Subject.EndsWith("m.slave-1.hb", StringComparison.Ordinal) || packet.Subject.EndsWith("m.slave-1.reg", StringComparison.Ordinal)));
        var ofMaster = Read(_seen.Last(packet => packet.Subject.Contains(".n.slave-1.a.", StringComparison.Ordinal)));

        await ForgeAsync("n.slave-1.call", ofMaster with { Type = MessageTypes.Call }, new CallMessage { Number = 7000, Skill = new("far"), Method = "echo", LeftMs = 1000, Payload = new byte[] { 0x80 } });
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(isOn ? 0 : 1, slave.Runtime.Begun.Count);

        await ForgeAsync("m.slave-1.dereg", ofSlave with { Type = MessageTypes.Deregister }, new DeregisterMessage(false));
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(isOn, master.Skills.Contains("far@slave-1"));
    }

    private async Task<(TestNode Master, TestNode Slave)> JoinedAsync(Action<SlaveOptions>? configure = null)
    {
        var master = _cluster.Master(skills: ["echo"]);
        Assert.Null(await _cluster.StartAsync(master));
        var slave = _cluster.Slave(
            "slave-1",
            options =>
            {
                _keys.Apply(options, "master");
                configure?.Invoke(options);
            },
            "far");
        Assert.Null(await _cluster.StartAsync(slave));
        await _cluster.UntilAsync(() => master.Skills.Length == 2 && slave.Skills.Length == 2, s_join, "the slave joined");
        return (master, slave);
    }

    private static async Task<InvocationResult> CallAsync(TestNode master, string skill, string text) => await master.Invoker.InvokeAsync(
        new(CallId.New(TimeProvider.System), new(skill), "echo", Encoding.UTF8.GetBytes(text), default, Deadline.Never), TestContext.Current.CancellationToken);

    private static string StateOf(params TestNode[] nodes) =>
        string.Join('\n', nodes.Select(node => $"{node.Registry.Current.Version} {string.Join(' ', node.Skills)}"));

    private static Envelope Read(BusPacket packet)
    {
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(packet.Bytes, out var envelope));
        return envelope;
    }

    private static BusPacket Altered(Random random, BusPacket packet)
    {
        var bytes = packet.Bytes.ToArray();
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return packet with { Bytes = bytes };
    }

    private async Task ReplayAsync(IEnumerable<BusPacket> packets)
    {
        await using var bus = new Luminarys.Cluster.Loopback.LoopbackBus(_cluster.Hub);
        Assert.Null(await bus.ConnectAsync(TestContext.Current.CancellationToken));
        foreach (var (subject, replyTo, bytes) in packets)
        {
            await bus.PublishAsync(subject, replyTo, bytes, TestContext.Current.CancellationToken);
        }
    }

    // What somebody who has seen everything, but has no key, would write.
    private async Task ForgeAsync<T>(string subject, Envelope like, T body)
        where T : IWireBody<T>
    {
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(buffer, like with { Sequence = like.Sequence + 1_000_000, Id = CallId.New(TimeProvider.System) }, body);
        await ReplayAsync([new("lm.v1.test." + subject, "lm.v1.test.nowhere", buffer.Written.ToArray())]);
    }
}
