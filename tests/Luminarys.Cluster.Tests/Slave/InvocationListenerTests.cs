using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Slave;

/// <summary>The listener with a hand-made master: messages are delivered straight to it, frames are read off the bus.</summary>
public sealed class InvocationListenerTests : IAsyncDisposable
{
    private static readonly ClusterId s_cluster = new("test");

    [ThreadStatic]
    private static bool s_isDelivering;

    private readonly FakeTimeProvider _time = new();
    private readonly LoopbackHub _hub = new();
    private readonly LoopbackBus _slaveBus;
    private readonly LoopbackBus _masterBus;
    private readonly FakeRuntime _runtime = new();
    private readonly NodeIdentity _self = new(s_cluster, new("slave-1"), NodeRole.Slave);
    private readonly NodeIdentity _master = new(s_cluster, new("master"), NodeRole.Master) { Epoch = 3 };
    private readonly Frames _frames = new();
    private readonly InvocationListener _listener;
    private ServingGate _gate;

    public InvocationListenerTests()
    {
        (_slaveBus, _masterBus) = (new(_hub), new(_hub));
        var link = new SlaveLink(_self, new(_slaveBus, _slaveBus), new(_self), new(_self, NullLogger.Instance), new(_time));
        _listener = new(link, _runtime, 2, NullLogger.Instance);
        _gate = new(3, _master.Instance, TimeSpan.FromMinutes(10), InvocationError.None);
        _runtime.LoadAsync(new(new("x"), "x", "/x"), null!, CancellationToken.None).AsTask();
        _listener.Offer([new("x")], () => _gate);
    }

    public async ValueTask DisposeAsync()
    {
        await _slaveBus.DisposeAsync();
        await _masterBus.DisposeAsync();
    }

    [Fact]
    public async Task Call_IsRun_AndAnsweredWithOneResult()
    {
        await ConnectAsync();

        var id = Send(Call(1, "hello"u8.ToArray()));

        var frame = await _frames.NextAsync();
        Assert.Equal((id, CallFrameKind.Result, 1UL), (frame.Id, frame.Body.Kind, frame.Body.Number));
        Assert.Equal("hello"u8.ToArray(), frame.Body.Payload.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_BeginsOnTheBussThread_OnlyWhereTheRuntimeReturnsAtOnce(bool returnsAtOnce)
    {
        await ConnectAsync();
        var onTheBussThread = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _runtime.ReturnsAtOnce = returnsAtOnce;
        _runtime.Body = (invocation, _) =>
        {
            onTheBussThread.SetResult(s_isDelivering && invocation.ContinuesInPlace);
            return new(InvocationResult.Success(invocation.Payload));
        };

        s_isDelivering = true;
        Send(Call(1));
        s_isDelivering = false;
        await _frames.NextAsync();

        Assert.Equal(returnsAtOnce, await onTheBussThread.Task);
    }

    [Fact]
    public async Task C2_SameMessageTwice_IsBegunOnce()
    {
        await ConnectAsync();
        var bytes = Encode(Call(1), CallId.New(TimeProvider.System));

        Deliver(bytes);
        Deliver(bytes);
        await _frames.NextAsync();
        await IdleAsync();
        Deliver(bytes);
        Send(Call(2));
        await _frames.NextAsync();
        await IdleAsync();

        Assert.All(_runtime.Begun.Values, count => Assert.Equal(1, count));
        Assert.Equal(2, _runtime.Begun.Count);
        Assert.Equal(0, _frames.Waiting);
    }

    [Fact]
    public async Task C2_NumberThatWasRejected_IsNeverBegun()
    {
        await ConnectAsync();
        _gate = _gate with { Refusal = InvocationError.NotServing };
        var bytes = Encode(Call(1), CallId.New(TimeProvider.System));
        Deliver(bytes);
        Assert.Equal(InvocationError.NotServing, (await _frames.NextAsync()).Body.Code);
        _gate = _gate with { Refusal = InvocationError.None };

        Deliver(bytes);
        await IdleAsync();

        Assert.Empty(_runtime.Begun);
    }

    [Fact]
    public async Task C2_CancelBeforeTheCall_TheCallIsNeverBegun()
    {
        await ConnectAsync();
        var id = CallId.New(TimeProvider.System);

        Cancel(id, 1);
        Deliver(Encode(Call(1), id));
        await IdleAsync();
        Send(Call(2));

        Assert.Equal(2UL, (await _frames.NextAsync()).Body.Number);
        Assert.Single(_runtime.Begun);
    }

    [Fact]
    public async Task CancelOfTheBoundMaster_ThatHasRaisedItsEpoch_IsObeyed()
    {
        await ConnectAsync();
        _runtime.Body = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return InvocationResult.Failure(InvocationError.Cancelled, "cancelled");
        };
        var id = Send(Call(1));
        _master.Epoch = 4;

        Cancel(id, 1);

        Assert.Equal((CallFrameKind.Error, InvocationError.Cancelled), await KindAndCodeAsync());
    }

    [Fact]
    public async Task C3_NoRoomForAnotherAnswer_IsBusy_UntilTheMasterHasSome()
    {
        await ConnectAsync();
        for (var number = 1UL; number <= AnswerStore.MaxAnswers; number++)
        {
            Send(Call(number));
            Assert.Equal(CallFrameKind.Result, (await _frames.NextAsync()).Body.Kind);
            await IdleAsync();
        }

        Send(Call(AnswerStore.MaxAnswers + 1));
        Assert.Equal((CallFrameKind.Reject, InvocationError.Busy), await KindAndCodeAsync());

        Send(Call(AnswerStore.MaxAnswers + 2) with { Open = [1, 2, 3] });
        Assert.Equal(CallFrameKind.Result, (await _frames.NextAsync()).Body.Kind);
    }

    [Fact]
    public async Task C7_ArgumentsThatDoNotArrive_AreACallThatHasNotBegun()
    {
        await ConnectAsync();
        Send(Call(1) with { Payload = default, Claim = new(CallId.New(_time), 300_000, 256 * 1024, new byte[32]) });

        CallFrame frame;
        do
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, TestContext.Current.CancellationToken);
            frame = _frames.Waiting > 0 ? (await _frames.NextAsync()).Body : new(CallFrameKind.Progress, 1);
        }
        while (!frame.IsTerminal);

        Assert.Equal((CallFrameKind.Reject, InvocationError.NotServing), (frame.Kind, frame.Code));
        await IdleAsync();
        Assert.Empty(_runtime.Begun);
    }

    [Fact]
    public async Task C7_ArgumentsLargerThanMayPass_AreRefusedUnread()
    {
        await ConnectAsync();

        Send(Call(1) with { Payload = default, Claim = new(CallId.New(_time), (16 * 1024 * 1024) + 1, 256 * 1024, new byte[32]) });

        Assert.Equal((CallFrameKind.Reject, InvocationError.PayloadTooLarge), await KindAndCodeAsync());
    }

    [Fact]
    public async Task C7_CancelWhileTheArgumentsAreOnTheirWay_TheCallIsNeverBegun()
    {
        await ConnectAsync();
        var id = Send(Call(1) with { Payload = default, Claim = new(CallId.New(_time), 300_000, 256 * 1024, new byte[32]) });

        Cancel(id, 1);

        Assert.Equal((CallFrameKind.Reject, InvocationError.Cancelled), await KindAndCodeAsync());
        await IdleAsync();
        Assert.Empty(_runtime.Begun);
    }

    [Fact]
    public async Task C2_NumberBelowTheSettled_IsNeverBegun()
    {
        await ConnectAsync();
        Send(Call(9) with { Done = 8 });
        await _frames.NextAsync();

        Send(Call(5));
        Send(Call(10));

        Assert.Equal(10UL, (await _frames.NextAsync()).Body.Number);
    }

    [Fact]
    public async Task Orphaned_NewCall_IsNotServed()
    {
        await ConnectAsync();
        _gate = _gate with { Until = TimeSpan.FromSeconds(5) };
        _time.Advance(TimeSpan.FromSeconds(6));

        Send(Call(1));

        var frame = await _frames.NextAsync();
        Assert.Equal((CallFrameKind.Reject, InvocationError.NotServing), (frame.Body.Kind, frame.Body.Code));
        Assert.Empty(_runtime.Begun);
    }

    [Fact]
    public async Task Draining_NewCall_IsRefused()
    {
        await ConnectAsync();
        _gate = _gate with { Refusal = InvocationError.Draining };

        Send(Call(1));

        Assert.Equal(InvocationError.Draining, (await _frames.NextAsync()).Body.Code);
    }

    [Fact]
    public async Task OlderEpoch_IsStale()
    {
        await ConnectAsync();
        _master.Epoch = 2;

        Send(Call(1));

        Assert.Equal(InvocationError.StaleEpoch, (await _frames.NextAsync()).Body.Code);
        Assert.Empty(_runtime.Begun);
    }

    [Fact]
    public async Task ForAnotherInstance_IsWrongInstance()
    {
        await ConnectAsync();

        Deliver(Encode(Call(1), CallId.New(TimeProvider.System), to: InstanceId.New()));

        Assert.Equal(InvocationError.WrongInstance, (await _frames.NextAsync()).Body.Code);
        Assert.Empty(_runtime.Begun);
    }

    [Fact]
    public async Task UnknownSkill_IsRejected()
    {
        await ConnectAsync();

        Send(Call(1) with { Skill = new("unknown") });

        Assert.Equal((CallFrameKind.Reject, InvocationError.NoSuchSkill), await KindAndCodeAsync());
    }

    [Fact]
    public async Task AllPlacesTaken_IsBusy()
    {
        await ConnectAsync();
        var release = new TaskCompletionSource<InvocationResult>();
        _runtime.Body = (_, _) => new(release.Task);
        Send(Call(1));
        Send(Call(2));

        Send(Call(3));

        Assert.Equal((CallFrameKind.Reject, InvocationError.Busy), await KindAndCodeAsync());
        release.SetResult(InvocationResult.Success(default));
        await _frames.NextAsync();
        await _frames.NextAsync();
    }

    [Fact]
    public async Task AnswerIsBeingSent_ThePlaceIsFree_AndTheCallIsStillWaitedFor()
    {
        var bus = new GatedBus();
        var listener = new InvocationListener(
            new(_self, new(bus, bus), new(_self), new(_self, NullLogger.Instance), new(_time)), _runtime, 1, NullLogger.Instance);
        listener.Offer([new("x")], () => _gate);

        listener.OnCall(Message(Encode(Call(1), CallId.New(TimeProvider.System))));
        while (bus.Subjects.IsEmpty)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Equal((1, 1), (listener.Free, listener.Running));
        listener.OnCall(Message(Encode(Call(2), CallId.New(TimeProvider.System))));
        Assert.Equal(2, listener.Running);
        bus.Gate.SetException(new InvalidOperationException("defect"));
        while (listener.Running > 0)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, _runtime.Begun.Count);
    }

    [Fact]
    public async Task QueueOverflow_IsBusy_AndNeverBegun()
    {
        await ConnectAsync();
        var bytes = Encode(Call(1), CallId.New(TimeProvider.System));

        Deliver(bytes, BusMessageKind.Overflow);
        Assert.Equal((CallFrameKind.Reject, InvocationError.Busy), await KindAndCodeAsync());
        Deliver(bytes);
        await IdleAsync();

        Assert.Empty(_runtime.Begun);
    }

    [Fact]
    public async Task Query_CallThatRuns_IsProgress_AndOneThatEnded_IsItsResultAgain()
    {
        await ConnectAsync();
        var release = new TaskCompletionSource<InvocationResult>();
        _runtime.Body = (_, _) => new(release.Task);
        var id = Send(Call(1));

        Query((id, 1));
        Assert.Equal(CallFrameKind.Progress, (await _frames.NextAsync()).Body.Kind);
        release.SetResult(InvocationResult.Success("done"u8.ToArray()));
        Assert.Equal(CallFrameKind.Result, (await _frames.NextAsync()).Body.Kind);
        await IdleAsync();
        Query((id, 1));
        var again = await _frames.NextAsync();

        Assert.Equal((id, CallFrameKind.Result, 1UL), (again.Id, again.Body.Kind, again.Body.Number));
        Assert.Equal("done"u8.ToArray(), again.Body.Payload.ToArray());
        Assert.Single(_runtime.Begun);
    }

    [Fact]
    public async Task Query_CallThatWasRefused_IsItsRefusalAgain()
    {
        await ConnectAsync();
        var id = Send(Call(1) with { Skill = new("unknown") });
        Assert.Equal((CallFrameKind.Reject, InvocationError.NoSuchSkill), await KindAndCodeAsync());

        Query((id, 1));

        Assert.Equal((CallFrameKind.Reject, InvocationError.NoSuchSkill), await KindAndCodeAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Query_CallThatWasNeverSeen_IsNotBegunWhenItComes_UnlessTheDefenceIsOff(bool isOn)
    {
        await ConnectAsync();
        var listener = new InvocationListener(
            new(_self, new(_slaveBus, _slaveBus), new(_self), new(_self, NullLogger.Instance), new(_time)),
            _runtime,
            2,
            NullLogger.Instance,
            ClusterDefences.All with { QueryTombstones = isOn });
        listener.Offer([new("x")], () => _gate);
        var id = CallId.New(TimeProvider.System);

        Query(listener, (id, 1));
        Assert.Equal((CallFrameKind.Reject, InvocationError.NotServing), await KindAndCodeAsync());
        listener.OnCall(Message(Encode(Call(1), id)));
        listener.OnCall(Message(Encode(Call(2), CallId.New(TimeProvider.System))));
        while (listener.Running > 0)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Equal(isOn ? 1 : 2, _runtime.Begun.Count);
    }

    [Fact]
    public async Task Query_SeveralCalls_EachHasItsFrame()
    {
        await ConnectAsync();
        var known = Send(Call(1));
        await _frames.NextAsync();
        await IdleAsync();
        var unknown = CallId.New(TimeProvider.System);

        Query((known, 1), (unknown, 2), (known, 3));
        var frames = new[] { await _frames.NextAsync(), await _frames.NextAsync(), await _frames.NextAsync() };

        Assert.Equal(
            [(known, CallFrameKind.Result), (unknown, CallFrameKind.Reject), (known, CallFrameKind.Reject)], frames.Select(frame => (frame.Id, frame.Body.Kind)));
    }

    [Fact]
    public async Task Query_OfAnotherMaster_IsNotAnswered_AndBuriesNothing()
    {
        await ConnectAsync();
        var bound = _gate;
        _gate = _gate with { Master = Samples.Instance(55) };
        var id = CallId.New(TimeProvider.System);
        Query((id, 1));
        _gate = bound;

        Deliver(Encode(Call(1), id));

        Assert.Equal(CallFrameKind.Result, (await _frames.NextAsync()).Body.Kind);
        Assert.Equal(0, _frames.Waiting);
    }

    [Fact]
    public async Task C5_CallOlderThanItsTtl_IsExpired()
    {
        await ConnectAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        // Sent 1 s after our heartbeat of second 2; now is second 10: at most 7 s old.
        Deliver(Encode(Call(1), CallId.New(TimeProvider.System), clock: new(2000, 1000), ttlMs: 6999));
        Assert.Equal((CallFrameKind.Reject, InvocationError.Expired), await KindAndCodeAsync());
        Deliver(Encode(Call(2), CallId.New(TimeProvider.System), clock: new(2000, 1000), ttlMs: 7001));

        Assert.Equal(CallFrameKind.Result, (await _frames.NextAsync()).Body.Kind);
    }

    [Fact]
    public async Task LongCall_IsAcknowledgedAfter200Ms_AndReportsEvery5Seconds()
    {
        await ConnectAsync();
        var release = new TaskCompletionSource<InvocationResult>();
        var begun = new TaskCompletionSource();
        _runtime.Body = (_, _) =>
        {
            begun.SetResult();
            return new(release.Task);
        };
        Send(Call(1));
        await begun.Task;

        _time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.Equal(0, _frames.Waiting);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(CallFrameKind.Ack, (await _frames.NextAsync()).Body.Kind);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(CallFrameKind.Progress, (await _frames.NextAsync()).Body.Kind);
        release.SetResult(InvocationResult.Success(default));

        Assert.Equal(CallFrameKind.Result, (await _frames.NextAsync()).Body.Kind);
    }

    [Fact]
    public async Task RuntimeThrows_TheCallerStillGetsItsOneAnswer()
    {
        await ConnectAsync();
        _runtime.Body = (_, _) => throw new InvalidOperationException("defect");

        Send(Call(1));

        Assert.Equal((CallFrameKind.Error, InvocationError.Internal), await KindAndCodeAsync());
    }

    [Fact]
    public async Task CallArrives_WithItsDeadlineAndCaller()
    {
        var root = CallId.New(_time);
        await ConnectAsync();

        Send(Call(1) with { LeftMs = 1500, Caller = new(CallerKind.Skill, new("y")), Depth = 3, Root = root, TraceId = "t", SessionId = "s" });
        await _frames.NextAsync();

        var invocation = Assert.Single(_runtime.Invocations);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), invocation.Deadline.Remaining(_time));
        Assert.Equal(new Caller(CallerKind.Skill, new("y")), invocation.Caller);
        Assert.Equal((3, root, "t", "s"), (invocation.Depth, invocation.Root, invocation.TraceId, invocation.SessionId));
    }

    private static CallMessage Call(ulong number, byte[]? payload = null) => new()
    {
        Number = number,
        Skill = new("x"),
        Method = "echo",
        Caller = Caller.Edge,
        LeftMs = 60_000,
        Payload = payload ?? [],
    };

    private async Task ConnectAsync()
    {
        await _slaveBus.ConnectAsync(TestContext.Current.CancellationToken);
        await _masterBus.ConnectAsync(TestContext.Current.CancellationToken);
        await _masterBus.SubscribeAsync(
            new Subjects(s_cluster).AllFrames, BusOverflow.Notify, _frames.OnMessage, TestContext.Current.CancellationToken);
    }

    // A call that was let in is counted until it has ended.
    private async Task IdleAsync()
    {
        while (_listener.Running > 0)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private byte[] Encode(CallMessage call, CallId id, InstanceId? to = null, ClockEcho? clock = null, uint ttlMs = 60_000)
    {
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(buffer, Envelope(MessageTypes.Call, id, to) with { Clock = clock, TtlMs = ttlMs }, call);
        return buffer.Written.ToArray();
    }

    private Envelope Envelope(string type, CallId id, InstanceId? to) => new()
    {
        Type = type,
        Cluster = s_cluster,
        Source = _master.Node,
        Instance = _master.Instance,
        Epoch = _master.Epoch,
        Id = id,
        ToInstance = to ?? _self.Instance,
    };

    private CallId Send(CallMessage call)
    {
        var id = CallId.New(TimeProvider.System);
        Deliver(Encode(call, id));
        return id;
    }

    private void Deliver(byte[] bytes, BusMessageKind kind = BusMessageKind.Data) =>
        _listener.OnCall(Message(bytes, kind));

    private BusMessage Message(byte[] bytes, BusMessageKind kind = BusMessageKind.Data) =>
        new(new Subjects(s_cluster).ToNode(_self.Node, MessageTypes.Call), null, bytes, kind);

    private void Cancel(CallId id, ulong number)
    {
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(buffer, Envelope(MessageTypes.Cancel, id, null), new CancelMessage(number, 1));
        _listener.OnCancel(
            new BusMessage(new Subjects(s_cluster).ToNode(_self.Node, MessageTypes.Cancel), null, buffer.Written, BusMessageKind.Data));
    }

    private void Query(params (CallId Id, ulong Number)[] calls) => Query(_listener, calls);

    private void Query(InvocationListener listener, params (CallId Id, ulong Number)[] calls)
    {
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(buffer, Envelope(MessageTypes.Query, CallId.New(TimeProvider.System), null), new QueryMessage([.. calls]));
        listener.OnQuery(new BusMessage(new Subjects(s_cluster).ToNode(_self.Node, MessageTypes.Query), null, buffer.Written, BusMessageKind.Data));
    }

    private async Task<(CallFrameKind Kind, InvocationError Code)> KindAndCodeAsync()
    {
        var frame = await _frames.NextAsync();
        return (frame.Body.Kind, frame.Body.Code);
    }
}
