using System.Security.Cryptography;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Messaging.Payloads;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Messaging.Payloads;

/// <summary>A master and a slave that hand each other payloads, and a stranger who would like to have them.</summary>
public sealed class PayloadExchangeTests : IAsyncDisposable
{
    private static readonly ClusterId s_cluster = new("test");
    private static readonly NodeIdentity s_master = new(s_cluster, new("master"), NodeRole.Master);
    private static readonly NodeIdentity s_slave = new(s_cluster, new("slave-1"), NodeRole.Slave);
    private static readonly PayloadPeer s_toMaster = new(null, s_master.Instance);
    private static readonly PayloadPeer s_toSlave = new(s_slave.Node, s_slave.Instance);

    private readonly FakeTimeProvider _time = new();
    private readonly LoopbackHub _hub = new();
    private readonly List<LoopbackBus> _buses = [];
    private readonly byte[] _payload = RandomNumberGenerator.GetBytes(3 * 1024 * 1024);
    private PayloadExchange _atMaster = null!;
    private PayloadExchange _atSlave = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses)
        {
            await bus.DisposeAsync();
        }
    }

    [Fact]
    public async Task C7_Payload_GoesBothWays_AndIsForgottenWhenItIsThere()
    {
        await StartAsync();

        var down = await _atSlave.FetchAsync(s_toMaster, _atMaster.Offer(s_toSlave, _payload)!, Token);
        var up = await _atMaster.FetchAsync(s_toSlave, _atSlave.Offer(s_toMaster, _payload)!, Token);

        Assert.Equal((null, null), (down.Fault, up.Fault));
        Assert.True(down.Bytes.Span.SequenceEqual(_payload) && up.Bytes.Span.SequenceEqual(_payload));
        await UntilAsync(() => _atMaster.Held + _atSlave.Held == 0);
    }

    [Fact]
    public async Task Offer_WhatFitsAMessage_IsNotHeld()
    {
        await StartAsync();

        Assert.Null(_atMaster.Offer(s_toSlave, new byte[256 * 1024]));
        Assert.NotNull(_atMaster.Offer(s_toSlave, new byte[(256 * 1024) + 1]));
        Assert.Equal(1, _atMaster.Held);
    }

    [Fact]
    public async Task S_Payload_IsGivenToNobodyButItsReader()
    {
        await StartAsync();
        var claim = _atMaster.Offer(s_toSlave, _payload)!;
        var (_, stranger) = await JoinAsync(new(s_cluster, new("slave-2"), NodeRole.Slave), message => message);
        // It knows the claim, and even the process that may have it; its own node it cannot hide.
        var (liar, _) = await JoinAsync(new(s_cluster, new("slave-3"), NodeRole.Slave) { Instance = s_slave.Instance }, message => message);

        var theirs = stranger.FetchAsync(s_toMaster, claim, Token).AsTask();
        liar.Ask(s_toMaster, claim.Id, new(0, 8));
        liar.Ask(s_toMaster, claim.Id, MoreMessage.None);
        await PassAsync(TimeSpan.FromSeconds(16), theirs);

        Assert.Equal("its sender fell silent", (await theirs).Fault);
        Assert.Equal(1, _atMaster.Held);
        Assert.Null((await _atSlave.FetchAsync(s_toMaster, claim, Token)).Fault);
    }

    [Fact]
    public async Task C7_PartsThatAreLost_AreAskedForAgain()
    {
        var lost = new Random(5);
        await StartAsync(message => message.Subject.EndsWith(".part", StringComparison.Ordinal) && lost.Next(3) == 0 ? null : message);

        var fetched = _atSlave.FetchAsync(s_toMaster, _atMaster.Offer(s_toSlave, _payload)!, Token).AsTask();
        await PassAsync(TimeSpan.FromMinutes(2), fetched);

        Assert.True((await fetched).Bytes.Span.SequenceEqual(_payload));
    }

    [Fact]
    public async Task C7_SenderThatForgot_IsGivenUpAfterFifteenSeconds()
    {
        await StartAsync();
        var claim = _atMaster.Offer(s_toSlave, _payload)!;
        _atMaster.Release(claim);

        var fetched = _atSlave.FetchAsync(s_toMaster, claim, Token).AsTask();
        await PassAsync(TimeSpan.FromSeconds(14), fetched);
        Assert.False(fetched.IsCompleted);
        await PassAsync(TimeSpan.FromSeconds(2), fetched);

        Assert.Equal("its sender fell silent", (await fetched).Fault);
    }

    [Fact]
    public async Task Payload_ThatNobodyAsksFor_IsForgottenAfterAMinute()
    {
        await StartAsync();
        _atMaster.Offer(s_toSlave, _payload);

        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(1, _atMaster.Held);
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(0, _atMaster.Held);
    }

    [Fact]
    public async Task Fetch_MoreThanEight_WaitsForItsTurn()
    {
        var asked = new HashSet<CallId>();
        var isOpen = false;
        await StartAsync(message =>
        {
            if (message.Subject.EndsWith(".more", StringComparison.Ordinal))
            {
                EnvelopeCodec.TryRead(message.Payload, out var envelope);
                lock (asked)
                {
                    asked.Add(envelope.Id);
                }
            }

            return Volatile.Read(ref isOpen) ? message : null;
        });
        var fetches = Enumerable.Range(0, 12).Select(_ => _atSlave.FetchAsync(s_toMaster, _atMaster.Offer(s_toSlave, _payload)!, Token).AsTask()).ToArray();
        await PassAsync(TimeSpan.FromSeconds(3), fetches[0]);
        Assert.Equal(PayloadReader.MaxOfOne, asked.Count);

        Volatile.Write(ref isOpen, true);
        await PassAsync(TimeSpan.FromSeconds(60), Task.WhenAll(fetches));

        Assert.All(fetches, fetch => Assert.Null(fetch.Result.Fault));
    }

    [Fact]
    public async Task Fetch_OfMoreThanMayPass_IsRefusedBeforeMemoryIsTaken()
    {
        await StartAsync();

        var fetched = await _atSlave.FetchAsync(s_toMaster, new(CallId.New(_time), int.MaxValue, 256 * 1024, new byte[32]), Token);

        Assert.Contains("16777216", fetched.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_ThatIsAbandoned_Ends_AndLetsTheSenderForget()
    {
        await StartAsync(message => message.Subject.EndsWith(".part", StringComparison.Ordinal) ? null : message);
        using var caller = new CancellationTokenSource();
        var fetched = _atSlave.FetchAsync(s_toMaster, _atMaster.Offer(s_toSlave, _payload)!, caller.Token).AsTask();

        await caller.CancelAsync();

        Assert.NotNull((await fetched).Fault);
        await UntilAsync(() => _atMaster.Held == 0);
    }

    private async Task StartAsync(Func<BusMessage, BusMessage?>? onItsWay = null)
    {
        (_, _atMaster) = await JoinAsync(s_master, onItsWay ?? (message => message));
        (_, _atSlave) = await JoinAsync(s_slave, onItsWay ?? (message => message));
    }

    private async Task<(PayloadLane Lane, PayloadExchange Exchange)> JoinAsync(NodeIdentity identity, Func<BusMessage, BusMessage?> onItsWay)
    {
        var bus = new LoopbackBus(_hub);
        _buses.Add(bus);
        await bus.ConnectAsync(Token);
        var outbox = new Outbox(identity);
        var lane = new PayloadLane(bus, outbox, new(_time));
        var exchange = new PayloadExchange(lane, new(identity, NullLogger.Instance));
        var (subjects, isMaster) = (outbox.Subjects, identity.Role == NodeRole.Master);
        await ListenAsync(MessageTypes.Part, exchange.OnPart);
        await ListenAsync(MessageTypes.More, exchange.OnMore);
        return (lane, exchange);

        async Task ListenAsync(string type, BusMessageHandler handler) => await bus.SubscribeAsync(
            isMaster ? subjects.ToMasterFromAny(type) : subjects.ToNode(identity.Node, type),
            BusOverflow.Notify,
            (in message) =>
            {
                if (onItsWay(message) is { } passed)
                {
                    handler(passed);
                }
            },
            Token);
    }

    // The messages need real time, the limits virtual time.
    private async Task PassAsync(TimeSpan time, Task until)
    {
        for (var passed = TimeSpan.Zero; passed < time && !until.IsCompleted; passed += TimeSpan.FromMilliseconds(250))
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(5, Token);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 2000);
            await Task.Delay(5, Token);
        }
    }
}
