using System.Collections.Concurrent;
using System.Text;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests;

/// <summary>Whole nodes on the loopback bus.</summary>
[Collection(nameof(WholeNodes))]
public sealed class ClusterTests : IAsyncDisposable
{
    private static readonly TimeSpan s_join = TimeSpan.FromSeconds(8);
    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Master_Alone_ServesItsOwnSkillsWithoutWaiting()
    {
        var master = _cluster.Master(skills: ["echo"]);

        // No time passes: with nobody to ask, nothing is waited for.
        Assert.Null(await master.Start(TestContext.Current.CancellationToken));

        Assert.Equal(["echo@master"], master.Skills);
        var result = await Call(master, "echo", "hello");
        Assert.True(result.IsSuccess);
        Assert.Equal("master", result.Node.Value);
    }

    [Fact]
    public async Task BrokenSkill_AtStart_IsLeftOut()
    {
        var master = _cluster.Master(skills: ["broken-one", "echo"]);

        Assert.Null(await _cluster.StartAsync(master));

        Assert.Equal(["echo@master"], master.Skills);
    }

    [Fact]
    public async Task Slave_Joins_ItsSkillsAreListedAndCallable()
    {
        var (master, slave) = await JoinedAsync();

        Assert.Equal(["echo@master", "far@slave-1"], master.Skills);
        var result = await Call(master, "far", "over there");
        Assert.Equal("over there", Encoding.UTF8.GetString(result.Payload.Span));
        Assert.Equal("slave-1", result.Node.Value);
        Assert.Equal(InvocationError.None, result.Error);
        Assert.Single(slave.Runtime.Begun);
        await _cluster.UntilAsync(() => slave.Skills.SequenceEqual(master.Skills), s_join, "the slave's copy equals the master's registry");
        await _cluster.UntilAsync(() => master.Events.Any(item => item is SkillPublished { Entry.Skill.Id.Value: "far" }), s_join, "the skill was told");
        Assert.Contains(master.Events, item => item is NodeJoined { Node.Id.Value: "slave-1" });
    }

    [Fact]
    public async Task Slave_StartedFirst_JoinsWhenTheMasterComes()
    {
        var slave = _cluster.Slave("slave-1", "far");
        Assert.Null(await _cluster.StartAsync(slave));
        await _cluster.PassAsync(TimeSpan.FromSeconds(2));
        var master = _cluster.Master();

        Assert.Null(await _cluster.StartAsync(master));

        await _cluster.UntilAsync(() => master.Skills is ["far@slave-1"], s_join, "the slave joined");
    }

    [Fact]
    public async Task R4_KilledSlave_IsGoneAfterItsTtl()
    {
        var (master, slave) = await JoinedAsync();

        await slave.KillAsync();

        await _cluster.UntilAsync(() => master.Skills is ["echo@master"], TimeSpan.FromSeconds(17), "the killed slave is gone");
        await _cluster.UntilAsync(() => master.Events.Any(item => item is NodeLost { Node.Id.Value: "slave-1" }), s_join, "the loss was told");
        Assert.Contains(master.Events, item => item is SkillWithdrawn { Entry.Skill.Id.Value: "far" });
        Assert.Equal(InvocationError.NoSuchSkill, (await Call(master, "far", "")).Error);
    }

    [Fact]
    public async Task R4_BeatingSlave_StaysForever()
    {
        var (master, _) = await JoinedAsync();

        await _cluster.PassAsync(TimeSpan.FromSeconds(40));

        Assert.Equal(["echo@master", "far@slave-1"], master.Skills);
        Assert.DoesNotContain(master.Events, item => item is NodeLost);
    }

    [Fact]
    public async Task R5_RestartedMaster_HasACompleteListWithinTwoHeartbeats()
    {
        var (master, slave) = await JoinedAsync();
        await master.KillAsync();
        await _cluster.PassAsync(TimeSpan.FromSeconds(3));
        var next = _cluster.Master(skills: ["echo"]);

        Assert.Null(await _cluster.StartAsync(next));

        await _cluster.UntilAsync(() => next.Skills.Length == 2, TimeSpan.FromSeconds(10), "the slave registered again");
        Assert.Equal(2UL, next.Registry.Current.Version.Epoch);
        Assert.True((await Call(next, "far", "again")).IsSuccess);
        Assert.False(slave.Faulted.IsCompleted);
    }

    [Fact]
    public async Task RestartedSlave_WithTheSameId_IsAcceptedAtOnce()
    {
        var (master, slave) = await JoinedAsync();
        await slave.KillAsync();
        var next = _cluster.Slave("slave-1", "far", "more");

        Assert.Null(await _cluster.StartAsync(next));

        await _cluster.UntilAsync(() => master.Skills.Length == 3, TimeSpan.FromSeconds(8), "the restarted slave registered");
        Assert.True((await Call(master, "more", "x")).IsSuccess);
    }

    [Fact]
    public async Task R6_TwinNode_IsRefusedAndGivesUp_TheFirstGoesOn()
    {
        var (master, _) = await JoinedAsync();
        var twin = _cluster.Slave(
            "slave-1",
            options =>
            {
                options.NodeIdRetryLimit = TimeSpan.FromSeconds(2);
                options.NodeIdRetryInterval = TimeSpan.FromSeconds(1);
            },
            "twin");

        Assert.Null(await _cluster.StartAsync(twin));

        var fault = await _cluster.UntilAsync(twin.Faulted, TimeSpan.FromSeconds(15), "the twin gave up");
        Assert.Equal(InvocationError.NodeIdInUse, fault.Error);
        Assert.Equal(["echo@master", "far@slave-1"], master.Skills);
        Assert.True((await Call(master, "far", "x")).IsSuccess);
    }

    [Fact]
    public async Task R6_SecondMaster_IsRefusedAtStart()
    {
        await JoinedAsync();

        var fault = await _cluster.StartAsync(_cluster.Master("other"));

        Assert.Equal(InvocationError.MasterConflict, fault?.Error);
    }

    [Fact]
    public async Task SubscriberOfEventsHangs_NodesJoinAndStayAllTheSame()
    {
        var release = new TaskCompletionSource();
        var master = _cluster.Master();
        master.Subscriber = release.Task;
        Assert.Null(await _cluster.StartAsync(master));
        var slave = _cluster.Slave("slave-1", "far");
        Assert.Null(await _cluster.StartAsync(slave));

        await _cluster.UntilAsync(() => master.Skills is ["far@slave-1"], TimeSpan.FromSeconds(10), "the slave joined");
        await _cluster.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(["far@slave-1"], master.Skills);
        Assert.True((await Call(master, "far", "x")).IsSuccess);
        release.SetResult();
    }

    [Fact]
    public async Task R6_SecondStartOfTheMaster_CostsTheFirstNothing()
    {
        using var state = new TemporaryDirectory();
        var first = _cluster.Master(state: state.Path);
        Assert.Null(await _cluster.StartAsync(first));
        var epoch = first.Registry.Current.Version.Epoch;

        var fault = await _cluster.StartAsync(_cluster.Master(state: state.Path));

        Assert.NotNull(fault);
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(epoch, first.Registry.Current.Version.Epoch);
        Assert.False(first.Faulted.IsCompleted);
    }

    [Fact]
    public async Task R6_TwoMastersAfterAPartition_TheLowerStepsDown()
    {
        var (old, _) = await JoinedAsync();
        old.SetCut(true);
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        var next = _cluster.Master("next");
        Assert.Null(await _cluster.StartAsync(next));
        await _cluster.UntilAsync(() => next.Skills is ["far@slave-1"], TimeSpan.FromSeconds(10), "the slave follows the new master");

        old.SetCut(false);

        var fault = await _cluster.UntilAsync(old.Faulted, TimeSpan.FromSeconds(12), "the old master stepped down");
        Assert.Equal(InvocationError.MasterConflict, fault.Error);
        Assert.False(next.Faulted.IsCompleted);
        Assert.Equal(InvocationError.Draining, (await Call(old, "echo", "x")).Error);
    }

    [Fact]
    public async Task R8_DrainedSlave_FinishesItsCallAndLeavesAtOnce()
    {
        var (master, slave) = await JoinedAsync();
        var release = new TaskCompletionSource<InvocationResult>();
        slave.Runtime.Body = (_, _) => new(release.Task);
        var running = Call(master, "far", "x").AsTask();
        await _cluster.UntilAsync(() => !slave.Runtime.Begun.IsEmpty, s_join, "the call began");

        var drain = slave.Drain(TestContext.Current.CancellationToken).AsTask();
        await _cluster.UntilAsync(() => master.Skills is ["echo@master"], TimeSpan.FromSeconds(2), "the skills left the list");
        Assert.False(running.IsCompleted);
        release.SetResult(InvocationResult.Success("done"u8.ToArray()));

        Assert.True((await _cluster.UntilAsync(running, s_join, "the running call ended")).IsSuccess);
        await _cluster.UntilAsync(() => drain.IsCompleted, TimeSpan.FromSeconds(8), "the drain ended");
        Assert.DoesNotContain(master.Registry.Current.Nodes, node => node.Id.Value == "slave-1");
    }

    [Fact]
    public async Task R8_DrainLimitPassed_RunningCallIsCancelledByDrain()
    {
        var (master, slave) = await JoinedAsync();
        slave.Runtime.Body = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            return InvocationResult.Failure(InvocationError.Cancelled, "cancelled");
        };
        var running = Call(master, "far", "x").AsTask();
        await _cluster.UntilAsync(() => !slave.Runtime.Begun.IsEmpty, s_join, "the call began");

        var drain = slave.Drain(TestContext.Current.CancellationToken).AsTask();

        Assert.Equal(InvocationError.CancelledByDrain, (await _cluster.UntilAsync(running, TimeSpan.FromSeconds(30), "the drain cancelled the call")).Error);
        await _cluster.UntilAsync(() => drain.IsCompleted, TimeSpan.FromSeconds(5), "the drain ended");
    }

    [Fact]
    public async Task MasterLeaves_SlaveRefusesNewCallsWithoutWaitingForTheTtl()
    {
        var (master, slave) = await JoinedAsync();

        var drain = master.Drain(TestContext.Current.CancellationToken).AsTask();
        await _cluster.UntilAsync(() => drain.IsCompleted, s_join, "the master drained");

        Assert.Equal(InvocationError.Draining, (await Call(master, "echo", "x")).Error);
        Assert.False(slave.Faulted.IsCompleted);
    }

    [Fact]
    public async Task C6_CancelledCall_EndsTheWorkOnTheSlave()
    {
        var (master, slave) = await JoinedAsync();
        var cancelled = new TaskCompletionSource();
        slave.Runtime.Body = async (_, token) =>
        {
            using var registration = token.Register(cancelled.SetResult);
            await cancelled.Task;
            return InvocationResult.Failure(InvocationError.Cancelled, "cancelled");
        };
        using var client = new CancellationTokenSource();
        var running = Call(master, "far", "x", client).AsTask();
        await _cluster.UntilAsync(() => !slave.Runtime.Begun.IsEmpty, s_join, "the call began");

        await client.CancelAsync();

        Assert.Equal(InvocationError.Cancelled, (await running).Error);
        await _cluster.UntilAsync(() => cancelled.Task.IsCompleted, TimeSpan.FromSeconds(1), "the work was ended");
    }

    [Fact]
    public async Task LongCall_IsKeptAliveByProgress_BeyondTheSilenceLimit()
    {
        var (master, slave) = await JoinedAsync();
        var release = new TaskCompletionSource<InvocationResult>();
        slave.Runtime.Body = (_, _) => new(release.Task);
        var running = Call(master, "far", "x").AsTask();

        await _cluster.PassAsync(TimeSpan.FromSeconds(40));
        Assert.False(running.IsCompleted);
        release.SetResult(InvocationResult.Success("late"u8.ToArray()));

        Assert.True((await _cluster.UntilAsync(running, s_join, "the call ended")).IsSuccess);
    }

    [Fact]
    public async Task C4_SlaveDiesDuringACall_CallFailsAsNodeLostOrUnknown()
    {
        var (master, slave) = await JoinedAsync();
        slave.Runtime.Body = (_, _) => new(new TaskCompletionSource<InvocationResult>().Task);
        var running = Call(master, "far", "x").AsTask();
        await _cluster.UntilAsync(() => !slave.Runtime.Begun.IsEmpty, s_join, "the call began");

        await slave.KillAsync();

        var result = await _cluster.UntilAsync(running, TimeSpan.FromSeconds(17), "the call failed");
        Assert.Contains(result.Error, new[] { InvocationError.NodeLost, InvocationError.OutcomeUnknown });
    }

    [Fact]
    public async Task C4_CallToAKilledSlave_FailsAtOnceAsNotBegun()
    {
        var (master, slave) = await JoinedAsync();
        await slave.KillAsync();

        var call = Call(master, "far", "x").AsTask();
        await _cluster.UntilAsync(() => call.IsCompleted, TimeSpan.FromSeconds(2), "the call fails");

        Assert.Equal(InvocationError.NotServing, (await call).Error);
    }

    [Theory]
    [InlineData(256 * 1024)]
    [InlineData((256 * 1024) + 1)]
    [InlineData((9 * 256 * 1024) + 7)]
    [InlineData(16 * 1024 * 1024)]
    public async Task C7_LargeArgumentsAndResults_ArriveIntact(int size)
    {
        var (master, slave) = await JoinedAsync();
        var sent = Noise(size, size);

        var result = await EndedAsync(CallWith(master, sent));

        Assert.Equal((InvocationError.None, null), (result.Error, result.Message));
        Assert.True(result.Payload.Span.SequenceEqual(sent));
        Assert.True(Assert.Single(slave.Runtime.Invocations).Payload.Span.SequenceEqual(sent));
        Assert.Equal("slave-1", result.Node.Value);
    }

    [Fact]
    public async Task C7_TooLargeArgumentsAndResults_AreRefusedAndTheBusStaysUp()
    {
        const int TooLarge = (16 * 1024 * 1024) + 1;
        var (master, slave) = await JoinedAsync();

        var arguments = await CallWith(master, new byte[TooLarge]);
        slave.Runtime.Body = (_, _) => new(InvocationResult.Success(new byte[TooLarge]));
        var result = await EndedAsync(CallWith(master, default));
        slave.Runtime.Body = (invocation, _) => new(InvocationResult.Success(invocation.Payload));
        var fitting = await EndedAsync(CallWith(master, new byte[256 * 1024]));

        Assert.Equal(InvocationError.PayloadTooLarge, arguments.Error);
        Assert.Equal(InvocationError.PayloadTooLarge, result.Error);
        Assert.True(fitting.IsSuccess);
        Assert.Equal(2, slave.Runtime.Begun.Count);
    }

    [Fact]
    public async Task C7_ManyLargeCallsAtOnce_AllArriveIntact()
    {
        var (master, _) = await JoinedAsync();
        var sent = Enumerable.Range(0, 24).Select(seed => Noise(seed, (512 * 1024) + seed)).ToArray();

        var calls = Task.WhenAll(sent.Select(payload => CallWith(master, payload).AsTask()));

        foreach (var (payload, result) in sent.Zip(await _cluster.UntilAsync(calls, s_join, "the calls ended")))
        {
            Assert.Equal((InvocationError.None, null), (result.Error, result.Message));
            Assert.True(result.Payload.Span.SequenceEqual(payload));
        }
    }

    [Fact]
    public async Task C7_SlaveDiesWhileItFetches_EndsTheCallOnce()
    {
        var (master, slave) = await JoinedAsync();
        var call = CallWith(master, new byte[16 * 1024 * 1024]).AsTask();

        await slave.KillAsync();

        var result = await _cluster.UntilAsync(call, TimeSpan.FromSeconds(17), "the call ended");
        Assert.Contains(result.Error, new[] { InvocationError.NodeLost, InvocationError.OutcomeUnknown, InvocationError.NotServing });
        Assert.Empty(slave.Runtime.Begun);
    }

    [Fact]
    public async Task CutOffSlave_ComesBackUnderTheSameInstance_AndServes()
    {
        var (master, slave) = await JoinedAsync();
        slave.SetCut(true);
        await _cluster.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["echo@master"], master.Skills);

        slave.SetCut(false);

        await _cluster.UntilAsync(() => master.Skills.Length == 2, TimeSpan.FromSeconds(8), "the slave is back");
        Assert.True((await Call(master, "far", "x")).IsSuccess);
    }

    [Fact]
    public async Task R4_CutOffMaster_DoesNotAccuseItsSlaves()
    {
        var (master, _) = await JoinedAsync();

        master.SetCut(true);
        await _cluster.PassAsync(TimeSpan.FromSeconds(40));
        Assert.Equal(["echo@master", "far@slave-1"], master.Skills);
        var refused = Call(master, "far", "x").AsTask();
        await _cluster.UntilAsync(() => refused.IsCompleted, TimeSpan.FromSeconds(2), "the call fails");
        Assert.Equal(InvocationError.BusDown, (await refused).Error);
        Assert.True((await Call(master, "echo", "x")).IsSuccess);
        master.SetCut(false);

        await _cluster.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["echo@master", "far@slave-1"], master.Skills);
        Assert.True((await Call(master, "far", "x")).IsSuccess);
    }

    [Fact]
    public async Task StickyFailover_MasterOwnsItsName_TheReplicaOfASlaveTakesOverFromASlave()
    {
        var (master, first) = await JoinedAsync();
        var second = _cluster.Slave("slave-2", "echo", "far");
        Assert.Null(await _cluster.StartAsync(second));
        await _cluster.UntilAsync(() => master.Registry.Current.Nodes.Length == 3, s_join, "the second slave joined");
        Assert.Equal(["echo@master", "far@slave-1"], master.Skills);

        await first.KillAsync();

        await _cluster.UntilAsync(() => master.Skills is ["echo@master", "far@slave-2"], TimeSpan.FromSeconds(17), "the replica took over");
        Assert.True((await Call(master, "far", "x")).IsSuccess);
    }

    [Fact]
    public async Task Epoch_IsAboveTheStoredOne_AndAboveWhatSlavesRemember()
    {
        using var state = new TemporaryDirectory();
        var first = _cluster.Master(state: state.Path);
        Assert.Null(await _cluster.StartAsync(first));
        await first.KillAsync();
        var second = _cluster.Master(state: state.Path);
        Assert.Null(await _cluster.StartAsync(second));
        Assert.Equal(2UL, second.Registry.Current.Version.Epoch);
        var slave = _cluster.Slave("slave-1", "far");
        Assert.Null(await _cluster.StartAsync(slave));
        await _cluster.UntilAsync(() => second.Skills is ["far@slave-1"], s_join, "the slave joined");
        await second.KillAsync();

        // A master that lost its state: the slave remembers.
        var third = _cluster.Master();
        Assert.Null(await _cluster.StartAsync(third));

        Assert.Equal(3UL, third.Registry.Current.Version.Epoch);
        await _cluster.UntilAsync(() => third.Skills is ["far@slave-1"], s_join, "the slave follows");
    }

    [Fact]
    public async Task Epoch_SlaveThatWasCutOffRemembersAHigherOne_TheMasterGoesAboveIt()
    {
        var (first, slave) = await JoinedAsync();
        await first.KillAsync();
        var second = _cluster.Master();
        Assert.Null(await _cluster.StartAsync(second));
        await _cluster.UntilAsync(() => second.Skills is ["far@slave-1"], s_join, "the slave follows the second master");
        slave.SetCut(true);
        await second.KillAsync();
        var third = _cluster.Master();
        Assert.Null(await _cluster.StartAsync(third));
        Assert.Equal(1UL, third.Registry.Current.Version.Epoch);

        slave.SetCut(false);

        await _cluster.UntilAsync(() => third.Skills is ["far@slave-1"], TimeSpan.FromSeconds(15), "the slave follows the third master");
        Assert.Equal(3UL, third.Registry.Current.Version.Epoch);
        Assert.True((await Call(third, "far", "x")).IsSuccess);
    }

    [Fact]
    public async Task Owner_IsRemembered_OverARestartOfTheMaster()
    {
        using var state = new TemporaryDirectory();
        var master = _cluster.Master(state: state.Path);
        Assert.Null(await _cluster.StartAsync(master));
        foreach (var id in new[] { "b", "a" })
        {
            Assert.Null(await _cluster.StartAsync(_cluster.Slave(id, "far")));
            await _cluster.UntilAsync(() => master.Registry.Current.Nodes.Any(node => node.Id.Value == id), s_join, "a slave joined");
        }

        Assert.Equal(["far@b"], master.Skills);
        await master.KillAsync();

        var next = _cluster.Master(state: state.Path);
        Assert.Null(await _cluster.StartAsync(next));

        await _cluster.UntilAsync(() => next.Registry.Current.Nodes.Length == 3, TimeSpan.FromSeconds(10), "both slaves registered again");
        Assert.Equal(["far@b"], next.Skills);
    }

    [Fact]
    public async Task UnusableStateDirectory_IsAFaultThatNamesIt()
    {
        using var state = new TemporaryDirectory();
        var file = Path.Combine(state.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var fault = await _cluster.StartAsync(_cluster.Master(state: file));

        Assert.Contains(file, fault?.Message);
    }

    [Fact]
    public async Task UnreachableBus_IsAFault()
    {
        var slave = _cluster.Slave("slave-1");
        slave.SetCut(true);

        Assert.Equal(InvocationError.BusDown, (await _cluster.StartAsync(slave))?.Error);
    }

    [Fact]
    public async Task Call_OnTheBus_NamesTheProcess_AndEchoesItsClock()
    {
        var (master, slave) = await JoinedAsync();
        var calls = new ConcurrentQueue<Envelope>();
        await using var ear = await slave.Control.SubscribeAsync(
            "lm.v1.test.n.slave-1.call",
            BusOverflow.Notify,
            (in BusMessage message) =>
            {
                Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(message.Payload.ToArray(), out var envelope));
                calls.Enqueue(envelope);
            },
            TestContext.Current.CancellationToken);
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));

        Assert.True((await Call(master, "far", "x")).IsSuccess);

        await _cluster.UntilAsync(() => !calls.IsEmpty, s_join, "the call was overheard");
        var call = Assert.Single(calls);
        Assert.Equal(master.Registry.Current.Nodes.Single(node => node.Id.Value == "slave-1").Instance, call.ToInstance);
        Assert.InRange(call.Clock!.Value.AgeMs, 900, 5000);
        Assert.Equal(900_000U, call.TtlMs);
    }

    [Fact]
    public async Task Edge_CallsHiddenOrCallbackMethod_NoSuchMethod()
    {
        var (master, slave) = await JoinedAsync();

        foreach (var (skill, method) in new[] { ("echo", "secret"), ("echo", "tick"), ("far", "secret"), ("far", "nothing") })
        {
            Assert.Equal(InvocationError.NoSuchMethod, (await Call(master, skill, "", method: method)).Error);
        }

        Assert.Empty(slave.Runtime.Begun);
    }

    private async Task<(TestNode Master, TestNode Slave)> JoinedAsync()
    {
        var master = _cluster.Master(skills: ["echo"]);
        var slave = _cluster.Slave("slave-1", "far");
        Assert.Null(await _cluster.StartAsync(master));
        Assert.Null(await _cluster.StartAsync(slave));
        await _cluster.UntilAsync(() => master.Skills.Contains("far@slave-1"), s_join, "the slave joined");
        await _cluster.PassAsync(TimeSpan.FromSeconds(0.3));
        return (master, slave);
    }

    private ValueTask<InvocationResult> Call(
        TestNode master, string skill, string payload, CancellationTokenSource? client = null, string method = "echo") =>
        master.Invoker.InvokeAsync(
            new(
                CallId.New(TimeProvider.System),
                new(skill),
                method,
                Encoding.UTF8.GetBytes(payload),
                Caller.Edge,
                Deadline.After(TimeSpan.FromMinutes(15), _cluster.Time)),
            client?.Token ?? TestContext.Current.CancellationToken);

    private ValueTask<InvocationResult> CallWith(TestNode master, ReadOnlyMemory<byte> arguments) => master.Invoker.InvokeAsync(
        new(CallId.New(TimeProvider.System), new("far"), "echo", arguments, Caller.Edge, Deadline.After(TimeSpan.FromMinutes(15), _cluster.Time)),
        TestContext.Current.CancellationToken);

    private Task<InvocationResult> EndedAsync(ValueTask<InvocationResult> call) => _cluster.UntilAsync(call.AsTask(), s_join, "the call ended");

    private static byte[] Noise(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
