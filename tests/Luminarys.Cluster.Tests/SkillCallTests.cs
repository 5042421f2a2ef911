using System.Collections.Concurrent;
using System.Text;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests;

/// <summary>Skills that call skills on other nodes: whole nodes on the loopback bus.</summary>
[Collection(nameof(WholeNodes))]
public sealed class SkillCallTests : IAsyncDisposable
{
    private static readonly TimeSpan s_join = TimeSpan.FromSeconds(10);
    private readonly TestCluster _cluster = new();
    private TestNode _master = null!;
    private TestNode _a = null!;
    private TestNode _b = null!;

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task SkillOnASlave_CallsThereAndBackAgain_ThroughTheMaster()
    {
        await StartAsync();
        _a.Runtime.Body = (call, token) => call.Skill.Value == "first" ? _a.CallFrom(call, "second", token) : Text("third of " + call.Caller.Skill);
        _b.Runtime.Body = (call, token) => _b.CallFrom(call, "third", token);

        var result = await EndedAsync(Call("first"));

        Assert.Equal("third of second", Encoding.UTF8.GetString(result.Payload.Span));
        var second = Assert.Single(_b.Runtime.Invocations);
        var third = _a.Runtime.Invocations.Last();
        Assert.Equal((CallerKind.Skill, "first", 1), (second.Caller.Kind, second.Caller.Skill.Value, second.Depth));
        Assert.Equal((CallerKind.Skill, "second", 2), (third.Caller.Kind, third.Caller.Skill.Value, third.Depth));
        Assert.Equal(second.Root, third.Root);
        Assert.Equal(("trace", "session"), (third.TraceId, third.SessionId));
        Assert.Equal(3, _a.Runtime.Begun.Count + _b.Runtime.Begun.Count);
    }

    [Fact]
    public async Task SkillOnASlave_CallsASkillOfTheMaster_AndTheOtherWayRound()
    {
        await StartAsync();
        _master.Runtime.Body = (call, token) => call.Method == "echo" && call.Depth == 0 ? _master.CallFrom(call, "first", token) : Text("home");
        _a.Runtime.Body = (call, token) => _a.CallFrom(call, "home", token);

        var result = await EndedAsync(Call("home"));

        Assert.Equal("home", Encoding.UTF8.GetString(result.Payload.Span));
        Assert.Equal(2, _master.Runtime.Begun.Count);
    }

    [Fact]
    public async Task SkillOnASlave_CallsASkillOfItsOwnNode_WithoutTheMaster()
    {
        await StartAsync();
        _a.Runtime.Body = (call, token) => call.Skill.Value == "first" ? _a.CallFrom(call, "third", token) : Text("near");
        _a.SetCut(true);
        await _cluster.PassAsync(TimeSpan.FromMilliseconds(200));

        var result = await EndedAsync(_a.CallAs("first", "third"));

        Assert.Equal("near", Encoding.UTF8.GetString(result.Payload.Span));
    }

    [Fact]
    public async Task SkillsCallOfItself_NeverLeavesItsNode()
    {
        await StartAsync();
        var seen = await EavesdropAsync();

        var result = await EndedAsync(_a.Runtime.Host.InvokeAsync(
            new(CallId.New(TimeProvider.System), new("second"), "tick", default, new(CallerKind.Self, new("second")), Deadline.Never), TestContext.Current.CancellationToken));

        Assert.Equal(InvocationError.NoSuchSkill, result.Error);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task UnknownSkillMethodOrCallback_IsRefusedByTheMaster()
    {
        await StartAsync();

        Assert.Equal(InvocationError.NoSuchSkill, (await EndedAsync(_a.CallAs("first", "nobody"))).Error);
        var callback = new Invocation(CallId.New(TimeProvider.System), new("second"), "tick", default, new(CallerKind.Skill, new("first")), Deadline.Never);
        Assert.Equal(InvocationError.NoSuchMethod, (await EndedAsync(_a.Runtime.Host.InvokeAsync(callback, TestContext.Current.CancellationToken))).Error);
        Assert.Empty(_b.Runtime.Begun);
    }

    [Fact]
    public async Task ReplicaMayCallToo_InItsOwnName()
    {
        await StartAsync();
        var third = _cluster.Slave("slave-c", "first");
        Assert.Null(await _cluster.StartAsync(third));
        await _cluster.UntilAsync(() => _master.Registry.Current.Nodes.Length == 4, s_join, "the replica joined");

        Assert.True((await EndedAsync(third.CallAs("first", "second"))).IsSuccess);
    }

    [Fact]
    public async Task SkillsThatCallEachOtherForEver_StopAtDepthSixteen()
    {
        await StartAsync();
        _a.Runtime.Body = (call, token) => _a.CallFrom(call, "second", token);
        _b.Runtime.Body = (call, token) => _b.CallFrom(call, "first", token);

        var result = await EndedAsync(Call("first"));

        Assert.Equal(InvocationError.SkillLimit, result.Error);
        Assert.Equal(17, _a.Runtime.Begun.Count + _b.Runtime.Begun.Count);
        Assert.Equal(16, _a.Runtime.Invocations.Concat(_b.Runtime.Invocations).Max(call => call.Depth));
    }

    [Fact]
    public async Task DepthThatANodeMakesLess_CountsAsTheMasterKnowsIt()
    {
        await StartAsync();
        _a.Runtime.Body = (call, token) => call.Skill.Value == "first" ? _a.CallFrom(call, "second", token) : Text("deep");
        _b.Runtime.Body = (call, token) => _b.CallFrom(call with { Depth = -1 }, "third", token);

        Assert.True((await EndedAsync(Call("first"))).IsSuccess);
        Assert.Equal(2, _a.Runtime.Invocations.Last().Depth);
    }

    [Fact]
    public async Task OneChain_LeadsToSoManyCallsAndNoMore_WhateverRootIsClaimed()
    {
        await StartAsync();
        var errors = new ConcurrentBag<InvocationError>();
        _a.Runtime.Body = async (call, token) =>
        {
            for (var i = 0; i < 260; i++)
            {
                errors.Add((await _a.CallFrom(call, "second", token)).Error);
            }

            return InvocationResult.Success(default);
        };

        Assert.True((await EndedAsync(Call("first"), TimeSpan.FromSeconds(60))).IsSuccess);

        Assert.Equal(256, _b.Runtime.Begun.Count);
        Assert.Equal(4, errors.Count(error => error == InvocationError.SkillLimit));
    }

    [Fact]
    public async Task C6_ClientThatGivesUp_EndsTheCallOfACall()
    {
        await StartAsync();
        var cancelled = new TaskCompletionSource();
        _a.Runtime.Body = (call, token) => _a.CallFrom(call, "second", token);
        _b.Runtime.Body = async (_, token) =>
        {
            using var registration = token.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            return InvocationResult.Failure(InvocationError.Cancelled, "cancelled");
        };
        using var client = new CancellationTokenSource();
        var running = CallUntil("first", client.Token).AsTask();
        await _cluster.UntilAsync(() => !_b.Runtime.Begun.IsEmpty, s_join, "the inner call began");

        await client.CancelAsync();

        Assert.Equal(InvocationError.Cancelled, (await running).Error);
        await _cluster.UntilAsync(() => cancelled.Task.IsCompleted, TimeSpan.FromSeconds(1), "the inner work was ended");
    }

    [Fact]
    public async Task C6_NodeOfTheCallerDies_ItsCallsEnd()
    {
        await StartAsync();
        var cancelled = new TaskCompletionSource();
        _b.Runtime.Body = async (_, token) =>
        {
            using var registration = token.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            return InvocationResult.Failure(InvocationError.Cancelled, "cancelled");
        };
        _ = _a.CallAs("first", "second").AsTask();
        await _cluster.UntilAsync(() => !_b.Runtime.Begun.IsEmpty, s_join, "the inner call began");

        await _a.KillAsync();

        await _cluster.UntilAsync(() => cancelled.Task.IsCompleted, TimeSpan.FromSeconds(18), "the call of the dead node was ended");
    }

    [Fact]
    public async Task LongInnerCall_IsKeptAliveByProgress_AndEndsWithItsDeadline()
    {
        await StartAsync();
        var never = new TaskCompletionSource<InvocationResult>();
        _b.Runtime.Body = (_, token) => new(never.Task.WaitAsync(token).ContinueWith(
            _ => InvocationResult.Failure(InvocationError.Cancelled, "cancelled"), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default));
        var call = new Invocation(
            CallId.New(TimeProvider.System), new("second"), "echo", default, new(CallerKind.Skill, new("first")), Deadline.After(TimeSpan.FromSeconds(30), _cluster.Time));
        var running = _a.Runtime.Host.InvokeAsync(call, TestContext.Current.CancellationToken).AsTask();

        await _cluster.PassAsync(TimeSpan.FromSeconds(29));
        Assert.False(running.IsCompleted);

        Assert.Equal(InvocationError.Deadline, (await EndedAsync(new(running), TimeSpan.FromSeconds(2))).Error);
    }

    [Fact]
    public async Task C3_MasterRestartsInTheMiddle_OutcomeUnknown_AndTheNextCallWorks()
    {
        await StartAsync();
        _b.Runtime.Body = (_, _) => new(new TaskCompletionSource<InvocationResult>().Task);
        var running = _a.CallAs("first", "second").AsTask();
        await _cluster.UntilAsync(() => !_b.Runtime.Begun.IsEmpty, s_join, "the inner call began");
        await _master.KillAsync();
        var next = _cluster.Master();

        Assert.Null(await _cluster.StartAsync(next));

        Assert.Equal(InvocationError.OutcomeUnknown, (await EndedAsync(new(running), TimeSpan.FromSeconds(17))).Error);
        _b.Runtime.Body = (_, _) => Text("again");
        await _cluster.UntilAsync(() => next.Skills.Length == 3 && _a.Registry.Current.Version.Epoch == 2, s_join, "the slaves joined again");
        Assert.True((await EndedAsync(_a.CallAs("first", "second"))).IsSuccess);
    }

    [Fact]
    public async Task NoMaster_CallIsNotSent()
    {
        await StartAsync();
        await _master.KillAsync();

        Assert.Equal(InvocationError.NotServing, (await EndedAsync(_a.CallAs("first", "second"))).Error);
        await _cluster.PassAsync(TimeSpan.FromSeconds(16));
        Assert.Equal(InvocationError.NotServing, (await EndedAsync(_a.CallAs("first", "second"))).Error);
        Assert.Empty(_b.Runtime.Begun);
    }

    [Fact]
    public async Task C7_LargeArgumentsAndResults_ArriveIntact()
    {
        await StartAsync();
        var parent = new Invocation(CallId.New(TimeProvider.System), new("first"), "echo", default, Caller.Edge, Deadline.Never);
        var sent = new byte[(3 * 1024 * 1024) + 5];
        new Random(7).NextBytes(sent);
        _b.Runtime.Body = (call, _) => new(InvocationResult.Success(call.Payload));

        var result = await EndedAsync(_a.CallFrom(parent, "second", TestContext.Current.CancellationToken, payload: sent));

        Assert.Equal((InvocationError.None, null), (result.Error, result.Message));
        Assert.True(result.Payload.Span.SequenceEqual(sent));
    }

    [Fact]
    public async Task C7_TooLargeArgumentsAndResults_AreRefused()
    {
        const int TooLarge = (16 * 1024 * 1024) + 1;
        await StartAsync();
        var parent = new Invocation(CallId.New(TimeProvider.System), new("first"), "echo", default, Caller.Edge, Deadline.Never);

        var arguments = await EndedAsync(_a.CallFrom(parent, "second", TestContext.Current.CancellationToken, payload: new byte[TooLarge]));
        _b.Runtime.Body = (_, _) => new(InvocationResult.Success(new byte[TooLarge]));
        var result = await EndedAsync(_a.CallFrom(parent, "second", TestContext.Current.CancellationToken));

        Assert.Equal((InvocationError.PayloadTooLarge, InvocationError.PayloadTooLarge), (arguments.Error, result.Error));
        Assert.Single(_b.Runtime.Begun);
    }

    [Fact]
    public async Task R8_MasterDrains_CallsOfRunningCallsGoOn_NewClientsDoNot()
    {
        await StartAsync();
        var go = new TaskCompletionSource();
        _a.Runtime.Body = async (call, token) =>
        {
            await go.Task;
            return await _a.CallFrom(call, "second", token);
        };
        _b.Runtime.Body = (call, token) => _b.CallFrom(call, "home", token);
        _master.Runtime.Body = (_, _) => Text("drained");
        var running = Call("first").AsTask();
        await _cluster.UntilAsync(() => !_a.Runtime.Begun.IsEmpty, s_join, "the call began");
        var drain = _master.Drain(TestContext.Current.CancellationToken).AsTask();
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(InvocationError.Draining, (await Call("first")).Error);

        go.SetResult();

        var result = await EndedAsync(new(running));
        Assert.Equal("drained", Encoding.UTF8.GetString(result.Payload.Span));
        await _cluster.UntilAsync(() => drain.IsCompleted, TimeSpan.FromSeconds(2), "the drain ended");
    }

    [Fact]
    public async Task R8_SlaveDrains_CallsOfItsRunningCallsGoOn()
    {
        await StartAsync();
        var go = new TaskCompletionSource();
        _a.Runtime.Body = async (call, token) =>
        {
            await go.Task;
            return await _a.CallFrom(call, "second", token);
        };
        var running = Call("first").AsTask();
        await _cluster.UntilAsync(() => !_a.Runtime.Begun.IsEmpty, s_join, "the call began");
        var drain = _a.Drain(TestContext.Current.CancellationToken).AsTask();
        await _cluster.UntilAsync(() => _master.Skills.Length == 2, s_join, "the slave's skills left");

        go.SetResult();

        Assert.True((await EndedAsync(new(running))).IsSuccess);
        await _cluster.UntilAsync(() => drain.IsCompleted, TimeSpan.FromSeconds(3), "the drain ended");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R8_NodeDrains_WhatARunningCallAsksForAfterItsAnswer_IsStillDone(bool isMaster)
    {
        await StartAsync();
        var go = new TaskCompletionSource();
        var inner = new TaskCompletionSource<InvocationResult>();
        _a.Runtime.Body = async (call, token) =>
        {
            // As guests do it: their commands run once the answer is on its way.
            await go.Task;
            _ = Task.Run(async () => inner.SetResult(await _a.CallFrom(call, "second", CancellationToken.None)), CancellationToken.None);
            return InvocationResult.Success(default);
        };
        var running = Call("first").AsTask();
        await _cluster.UntilAsync(() => !_a.Runtime.Begun.IsEmpty, s_join, "the call began");
        var drain = (isMaster ? _master : _a).Drain(TestContext.Current.CancellationToken).AsTask();
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));

        go.SetResult();

        Assert.True((await EndedAsync(new(running))).IsSuccess);
        Assert.True((await EndedAsync(new(inner.Task))).IsSuccess);
        await _cluster.UntilAsync(() => drain.IsCompleted, TimeSpan.FromSeconds(3), "the drain ended");
    }

    [Fact]
    public async Task HostileNode_CallsInTheNameOfAnothersSkill_Denied()
    {
        await StartAsync();
        await using var hostile = await HostileAsync();

        hostile.Call(Message(1) with { Caller = new(CallerKind.Skill, new("second")) });
        var forged = await FrameAsync(hostile);
        hostile.Call(Message(2) with { Caller = Caller.Edge });
        var edge = await FrameAsync(hostile);
        hostile.Call(Message(3) with { Caller = new(CallerKind.Self, new("second")) });
        var self = await FrameAsync(hostile);
        hostile.Call(Message(4));

        Assert.Equal(CallFrameKind.Result, (await FrameAsync(hostile)).Kind);
        Assert.All([forged, edge, self], frame => Assert.Equal((CallFrameKind.Reject, InvocationError.Denied), (frame.Kind, frame.Code)));
        Assert.Single(_b.Runtime.Begun);
    }

    [Fact]
    public async Task C2_RepeatedAndReorderedMessages_BeginEachCallOnce()
    {
        await StartAsync();
        await using var hostile = await HostileAsync();
        var (one, two) = (CallId.New(TimeProvider.System), CallId.New(TimeProvider.System));

        foreach (var (number, id) in new[] { (2UL, two), (1UL, one), (2UL, two), (1UL, one) })
        {
            hostile.Call(Message(number), id);
        }

        await FrameAsync(hostile);
        await FrameAsync(hostile);
        hostile.Call(Message(3), one);
        Assert.Equal(InvocationError.Conflict, (await FrameAsync(hostile)).Code);
        hostile.Call(Message(1), one);
        hostile.Call(Message(4));

        Assert.Equal(4UL, (await FrameAsync(hostile)).Number);
        Assert.Equal(3, _b.Runtime.Begun.Count);
        Assert.All(_b.Runtime.Begun.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task C2_CancelBeforeItsCall_TheCallIsNeverBegun()
    {
        await StartAsync();
        await using var hostile = await HostileAsync();
        var id = CallId.New(TimeProvider.System);

        hostile.Cancel(id, 1);
        await _cluster.PassAsync(TimeSpan.FromMilliseconds(200));
        hostile.Call(Message(1), id);
        hostile.Call(Message(2));

        Assert.Equal(2UL, (await FrameAsync(hostile)).Number);
        Assert.Single(_b.Runtime.Begun);
    }

    [Fact]
    public async Task CallOfAnOlderTerm_IsRefused()
    {
        await StartAsync();
        await using var hostile = await HostileAsync();
        hostile.Epoch = 0;

        hostile.Call(Message(1));

        Assert.Equal(InvocationError.StaleEpoch, (await FrameAsync(hostile)).Code);
    }

    private static ValueTask<InvocationResult> Text(string text) => new(InvocationResult.Success(Encoding.UTF8.GetBytes(text)));

    private static CallMessage Message(ulong number) => new()
    {
        Number = number,
        Skill = new("second"),
        Method = "echo",
        Caller = new(CallerKind.Skill, new("first")),
        Depth = 1,
        LeftMs = 60_000,
        Payload = new byte[] { 0x80 },
    };

    private ValueTask<InvocationResult> Call(string skill) => CallUntil(skill, TestContext.Current.CancellationToken);

    private ValueTask<InvocationResult> CallUntil(string skill, CancellationToken cancellationToken) => _master.Invoker.InvokeAsync(
        new(CallId.New(TimeProvider.System), new(skill), "echo", default, Caller.Edge, Deadline.After(TimeSpan.FromMinutes(15), _cluster.Time))
        {
            TraceId = "trace",
            SessionId = "session",
        },
        cancellationToken);

    private Task<InvocationResult> EndedAsync(ValueTask<InvocationResult> call, TimeSpan? limit = null) =>
        _cluster.UntilAsync(call.AsTask(), limit ?? s_join, "the call ended");

    // The last frame of a call: on a busy machine it is acknowledged before.
    private async Task<CallFrame> FrameAsync(HostileNode node)
    {
        while (true)
        {
            if ((await _cluster.UntilAsync(node.Frames.NextAsync(), s_join, "the master answered")).Body is { IsTerminal: true } last)
            {
                return last;
            }
        }
    }

    private async Task<HostileNode> HostileAsync()
    {
        var nodes = _master.Registry.Current.Nodes;
        var node = new HostileNode(_cluster, nodes.Single(one => one.Id.Value == "slave-a"), nodes.Single(one => one.Id.Value == "master"));
        await node.ConnectAsync();
        return node;
    }

    private async Task<ConcurrentQueue<string>> EavesdropAsync()
    {
        var seen = new ConcurrentQueue<string>();
        var bus = new LoopbackBus(_cluster.Hub);
        await bus.ConnectAsync(TestContext.Current.CancellationToken);
        await bus.SubscribeAsync(
            "lm.v1.test.m.*.call", BusOverflow.Reconnect, (in BusMessage message) => seen.Enqueue(message.Subject), TestContext.Current.CancellationToken);
        return seen;
    }

    private async Task StartAsync()
    {
        _master = _cluster.Master(skills: ["home"]);
        _a = _cluster.Slave("slave-a", "first", "third");
        _b = _cluster.Slave("slave-b", "second");
        foreach (var node in new[] { _master, _a, _b })
        {
            Assert.Null(await _cluster.StartAsync(node));
        }

        await _cluster.UntilAsync(
            () => _master.Skills.Length == 4 && _a.Skills.SequenceEqual(_master.Skills) && _b.Skills.SequenceEqual(_master.Skills), s_join, "everybody knows everybody");
    }
}
