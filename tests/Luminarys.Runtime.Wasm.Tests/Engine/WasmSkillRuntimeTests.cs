using System.Buffers.Binary;
using System.Collections.Immutable;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class WasmSkillRuntimeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("trap", InvocationError.SkillTrap, "the skill trapped: unreachable instruction")]
    [InlineData("recurse", InvocationError.SkillLimit, "the skill's stack overflowed")]
    [InlineData("grow", InvocationError.SkillLimit, "the skill ran out of memory")]
    [InlineData("badptr", InvocationError.SkillTrap, "the skill broke the protocol: its result lies outside of its memory")]
    [InlineData("badreq", InvocationError.SkillTrap, "the skill broke the protocol: a request to the host lies outside of its memory")]
    [InlineData("abort", InvocationError.SkillError, "boom")]
    [InlineData("exit", InvocationError.SkillTrap, "the skill ended itself with exit code 3")]
    [InlineData("panic", InvocationError.SkillTrap, "skill panicked: index out of range")]
    [InlineData("empty", InvocationError.SkillError, "empty response")]
    [InlineData("garbage", InvocationError.SkillError, "malformed response: a length exceeds the message")]
    public async Task InvokeAsync_GuestMisbehaves_AnswersATypedErrorAndStaysHealthy(string method, InvocationError error, string message)
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        var result = await harness.InvokeAsync(method);
        var next = await harness.InvokeAsync("echo");

        Assert.Equal(error, result.Error);
        Assert.Equal(message, result.Message);
        Assert.True(next.IsSuccess, next.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InvokeAsync_WhoeverAwaitsIt_GoesOnOnTheGuestsThreadOnlyIfItMay(bool continuesInPlace)
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");
        var thread = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Long enough for the result not to be there when it is awaited.
        await AwaitAsync(harness.Runtime.InvokeAsync(harness.Call("nap") with { ContinuesInPlace = continuesInPlace }, Token), thread);
        var next = await harness.InvokeAsync("echo");

        Assert.Equal(continuesInPlace, await thread.Task == $"luminarys-guest {RuntimeHarness.Id}");
        Assert.True(next.IsSuccess, next.Message);

        static async Task AwaitAsync(ValueTask<InvocationResult> call, TaskCompletionSource<string?> thread)
        {
            await call.ConfigureAwait(false);
            thread.SetResult(Thread.CurrentThread.Name);
        }
    }

    [Fact]
    public async Task InvokeAsync_600AbortsAndTraps_StaysHealthy()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(InvocationError.SkillError, (await harness.InvokeAsync("abort")).Error);
            Assert.Equal(InvocationError.SkillTrap, (await harness.InvokeAsync("trap")).Error);
        }

        Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
    }

    [Fact]
    public async Task InvokeAsync_10000Calls_LeaveGuestMemoryFlat()
    {
        await using var harness = await RuntimeHarness.StartAsync("strict", manifest: WithValueOf(100));

        for (var i = 0; i < 10_000; i++)
        {
            // Every eighth call makes three host calls: fewer than what would be delayed.
            var answer = (object[])(await harness.AskAsync("run", BitConverter.GetBytes(i % 8 == 0 ? 3 : 0)))!;

            // One block is alive when a call begins: its request.
            Assert.Equal(1u, answer[0]);
        }
    }

    [Fact]
    public async Task InvokeAsync_ThousandsOfHostCalls_GivesOldAnswersBackEarly()
    {
        await using var harness = await RuntimeHarness.StartAsync("strict", manifest: WithValueOf(100_000));

        var answer = (object[])(await harness.AskAsync("run", BitConverter.GetBytes(1000)))!;

        // 100 MB went through a guest of 64 MiB.
        Assert.InRange((uint)answer[1], 8u << 20, 9u << 20);
        Assert.Equal(1u, ((object[])(await harness.AskAsync("run", BitConverter.GetBytes(1)))!)[0]);
    }

    [Fact]
    public async Task InvokeAsync_MemoryLimitOfTheManifest_BindsTheGuest()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", manifest: manifest => manifest with { Limits = new SkillLimits(MemoryMegabytes: 3) });

        Assert.Equal(48u, await harness.AskAsync("growto"));
    }

    [Fact]
    public async Task InvokeAsync_RequestLargerThanGuestMemory_IsALimit()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", manifest: manifest => manifest with { Limits = new SkillLimits(MemoryMegabytes: 1) });

        Assert.Equal(InvocationError.SkillLimit, (await harness.InvokeAsync("echo", new byte[2 << 20])).Error);
        Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
    }

    [Fact]
    public async Task InvokeAsync_RequestBeyondTheMessageLimit_IsRefused()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        Assert.Equal(InvocationError.PayloadTooLarge, (await harness.InvokeAsync("echo", new byte[16 << 20])).Error);
    }

    [Fact]
    public async Task InvokeAsync_SleepingGuest_EndsWhenItsCallerGivesUp()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var result = await harness.Runtime.InvokeAsync(harness.Call("sleep"), caller.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(InvocationError.Cancelled, result.Error);
    }

    [Fact]
    public async Task InvokeAsync_SleepingGuest_EndsAtTheDeadlineOfTheManifest()
    {
        await using var harness = await RuntimeHarness.StartAsync(
            "echo", manifest: manifest => manifest with { Limits = new SkillLimits(Timeout: TimeSpan.FromMilliseconds(50)) });

        var result = await harness.InvokeAsync("sleep").WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(InvocationError.Deadline, result.Error);
    }

    [Fact]
    public async Task InvokeAsync_SleepingGuest_IsWokenByTheEndOfTheRuntime()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        var running = harness.InvokeAsync("sleep");
        await harness.Log.WaitForAsync(3011);
        await harness.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(InvocationError.CancelledByDrain, (await running).Error);
    }

    [Fact]
    public async Task InvokeAsync_DeadlineOnAnotherClock_FollowsThatClock()
    {
        var clock = new ManualClock();
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.InvokeTimeout = TimeSpan.FromMinutes(1), clock);

        var running = harness.InvokeAsync("spin");
        clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(InvocationError.Deadline, (await running.WaitAsync(TimeSpan.FromSeconds(20), Token)).Error);
    }

    [Fact]
    public async Task InvokeAsync_CallbackMethod_IsForTheSkillItselfOnly()
    {
        await using var harness = await RuntimeHarness.StartAsync("callback");
        var call = harness.Call("on_data");

        var fromSkill = await harness.Runtime.InvokeAsync(call with { Caller = new Caller(CallerKind.Skill, new SkillId("other")) }, Token);
        var fromSelf = await harness.Runtime.InvokeAsync(call with { Caller = new Caller(CallerKind.Self, RuntimeHarness.Id) }, Token);

        Assert.Equal(InvocationError.Denied, fromSkill.Error);
        Assert.True(fromSelf.IsSuccess, fromSelf.Message);
    }

    [Fact]
    public async Task InvokeAsync_SeveralInstances_RunAtOnce()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.MaxInstances = 3);
        using var caller = new CancellationTokenSource();

        var spinning = Enumerable.Range(0, 2).Select(_ => harness.Runtime.InvokeAsync(harness.Call("spin"), caller.Token).AsTask()).ToArray();
        var third = await harness.InvokeAsync("echo").WaitAsync(TimeSpan.FromSeconds(20), Token);
        await caller.CancelAsync();

        Assert.True(third.IsSuccess, third.Message);
        Assert.All(await Task.WhenAll(spinning), result => Assert.Equal(InvocationError.Cancelled, result.Error));
    }

    [Fact]
    public async Task InvokeAsync_SpinningGuests_LeaveTheThreadPoolFree()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.MaxInstances = 8);
        using var caller = new CancellationTokenSource();
        var before = ThreadPool.ThreadCount;

        var spinning = Enumerable.Range(0, 8).Select(_ => harness.Runtime.InvokeAsync(harness.Call("sleep"), caller.Token).AsTask()).ToArray();
        await Task.Run(() => { }, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        var grown = ThreadPool.ThreadCount - before;
        await caller.CancelAsync();
        await Task.WhenAll(spinning);

        Assert.InRange(grown, int.MinValue, 7);
    }

    [Fact]
    public async Task InvokeAsync_ReturnedState_ComesWithTheNextCallAndEmptyKeepsIt()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        Assert.Empty(await StateOfAsync(harness));
        await harness.InvokeAsync("save", [1, 2, 3]);
        Assert.Equal([1, 2, 3], await StateOfAsync(harness));
        await harness.InvokeAsync("save", []);
        await harness.InvokeAsync("trap");
        Assert.Equal([1, 2, 3], await StateOfAsync(harness));
    }

    [Fact]
    public async Task InvokeAsync_StateIsTooLarge_KeepsTheOldOneAndWarns()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        Assert.True((await harness.InvokeAsync("save", new byte[(1 << 20) + 1])).IsSuccess);

        Assert.Empty(await StateOfAsync(harness));
        Assert.Single(harness.Log.Of(3004));
    }

    [Fact]
    public async Task InvokeAsync_LlmContext_IsPassedOn()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        Assert.Equal("for the model", (await harness.InvokeAsync("llm")).LlmContext);
        Assert.Null((await harness.InvokeAsync("echo")).LlmContext);
    }

    [Fact]
    public async Task InvokeAsync_AssemblyScriptScratchOverflow_DiscardsTheInstanceAfterwards()
    {
        await using var harness = await RuntimeHarness.StartAsync("assemblyscript");
        byte[] small = [0];
        byte[] large = [1];

        Assert.Equal((byte)1, await harness.AskAsync("run", small));
        Assert.Equal((byte)2, await harness.AskAsync("run", large));
        Assert.Equal((byte)1, await harness.AskAsync("run", small));
        Assert.Single(harness.Log.Of(3005));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task InvokeAsync_AllocatorCallsTheHost_IsRefusedBeforeItRecurses(byte which)
    {
        await using var harness = await RuntimeHarness.StartAsync("reentrant");
        byte[] payload = [which];

        var result = await harness.InvokeAsync("run", payload);

        Assert.Equal(InvocationError.SkillTrap, result.Error);
        Assert.Equal("the skill broke the protocol: its allocator calls the host", result.Message);
    }

    [Fact]
    public async Task InvokeAsync_AwaitedTwice_Throws()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");
        var task = harness.Runtime.InvokeAsync(harness.Call("nap"), Token);

        await task;

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await task);
    }

    [Fact]
    public async Task InvokeAsync_FullRequest_IsExactlyThis()
    {
        await using var harness = await RuntimeHarness.StartAsync(
            "echo", time: new ManualClock(), manifest: manifest => manifest with { InvokePolicy = new([], ["other"]) });
        var call = new Invocation(
            new CallId(new Guid("01890a5d-ac96-774b-bcce-b302099a8057")),
            RuntimeHarness.Id,
            "raw",
            new byte[] { 0x81, 0xa1, 0x61, 0x01 },
            new Caller(CallerKind.Skill, new SkillId("other")),
            new Deadline(5 * TimeSpan.TicksPerSecond))
        {
            TraceId = "t1",
            SessionId = "s1",
        };

        var result = await harness.Runtime.InvokeAsync(call, Token);

        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "assets", "invoke-request.hex"), Token);
        Assert.Equal(golden.ReplaceLineEndings(""), Convert.ToHexStringLower(result.Payload.Span));
    }

    private static async Task<byte[]> StateOfAsync(RuntimeHarness harness)
    {
        var request = (Dictionary<object, object>)(await harness.AskAsync("raw"))!;
        return (byte[])request["state"];
    }

    private static Func<Manifest, Manifest> WithValueOf(int length) => manifest => manifest with
    {
        Permissions = PermissionSet.None with { Environment = ImmutableDictionary<string, string>.Empty.Add("K", new string('x', length)) },
    };
}
