using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Skills;
using Xunit;

namespace Luminarys.Contracts;

/// <summary>What every skill runtime must do. Derive, make the subject, and the tests run.</summary>
public abstract class RuntimeContract
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly InvocationError[] s_ended = [InvocationError.CancelledByDrain, InvocationError.Draining];
    private static readonly byte[] s_arguments = [0x81, 0xa1, 0x61, 0x01];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a runtime on the system's clock, with one skill loaded.</summary>
    protected abstract ValueTask<RuntimeSubject> CreateAsync();

    [Fact]
    public async Task InvokeAsync_Echo_AnswersThePayload()
    {
        await using var subject = await StartAsync();

        var result = await subject.InvokeAsync("echo", s_arguments);

        Assert.True(result.IsSuccess, result.Message);
        Assert.Equal(s_arguments, result.Payload.ToArray());
    }

    [Fact]
    public async Task InvokeAsync_LaterCalls_LeaveAnEarlierResultAlone()
    {
        await using var subject = await StartAsync();

        var first = await subject.InvokeAsync("echo", s_arguments);
        await subject.InvokeAsync("echo", new byte[64]);

        Assert.Equal(s_arguments, first.Payload.ToArray());
    }

    [Fact]
    public async Task InvokeAsync_LargePayload_ComesBackWhole()
    {
        await using var subject = await StartAsync();
        var payload = new byte[300_000];
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] = (byte)(i * 31);
        }

        var result = await subject.InvokeAsync("echo", payload);

        Assert.True(payload.AsSpan().SequenceEqual(result.Payload.Span));
    }

    [Fact]
    public async Task InvokeAsync_UnknownSkill_AnswersNoSuchSkill()
    {
        await using var subject = await StartAsync();

        var result = await subject.Runtime.InvokeAsync(subject.Call("echo") with { Skill = new SkillId("nobody") }, Token);

        Assert.Equal(InvocationError.NoSuchSkill, result.Error);
    }

    [Fact]
    public async Task InvokeAsync_UnknownMethod_AnswersNoSuchMethod()
    {
        await using var subject = await StartAsync();

        Assert.Equal(InvocationError.NoSuchMethod, (await subject.InvokeAsync("nothing")).Error);
    }

    [Fact]
    public async Task InvokeAsync_MethodFails_AnswersItsText()
    {
        await using var subject = await StartAsync();

        var result = await subject.InvokeAsync("fail");

        Assert.Equal(InvocationError.SkillError, result.Error);
        Assert.Equal("it failed", result.Message);
    }

    [Fact]
    public async Task InvokeAsync_AfterATrap_WorksAgain()
    {
        await using var subject = await StartAsync();

        var trapped = await subject.InvokeAsync("trap");
        var healthy = await subject.InvokeAsync("echo", s_arguments);

        Assert.Equal(InvocationError.SkillTrap, trapped.Error);
        Assert.True(healthy.IsSuccess, healthy.Message);
    }

    [Fact]
    public async Task InvokeAsync_DeadlineHasPassed_DoesNotBegin()
    {
        await using var subject = await StartAsync();

        var result = await subject.Runtime.InvokeAsync(subject.Call("echo") with { Deadline = new Deadline(0) }, Token);

        Assert.Equal(InvocationError.Deadline, result.Error);
    }

    [Fact]
    public async Task InvokeAsync_EndlessMethod_EndsAtItsDeadline()
    {
        await using var subject = await StartAsync();

        var result = await subject.InvokeAsync("spin", within: TimeSpan.FromMilliseconds(100));
        var next = await subject.InvokeAsync("echo", s_arguments);

        Assert.Equal(InvocationError.Deadline, result.Error);
        Assert.True(next.IsSuccess, next.Message);
    }

    [Fact]
    public async Task InvokeAsync_EndlessMethod_EndsWhenItsCallerGivesUp()
    {
        await using var subject = await StartAsync();
        using var caller = new CancellationTokenSource();

        var running = subject.Begin("spin", caller.Token);
        await caller.CancelAsync();
        var result = await running.WaitAsync(s_patience, Token);
        var next = await subject.InvokeAsync("echo", s_arguments);

        Assert.Equal(InvocationError.Cancelled, result.Error);
        Assert.True(next.IsSuccess, next.Message);
    }

    [Fact]
    public async Task InvokeAsync_CancelledBefore_DoesNotBegin()
    {
        await using var subject = await StartAsync();

        var result = await subject.Runtime.InvokeAsync(subject.Call("echo"), new CancellationToken(true));

        Assert.Equal(InvocationError.Cancelled, result.Error);
    }

    [Fact]
    public async Task InvokeAsync_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        await using var subject = await StartAsync();

        for (var round = 0; round < 50; round++)
        {
            var payloads = Enumerable.Range(0, subject.QueueLength).Select(i => new byte[] { 0xcd, (byte)round, (byte)i }).ToArray();
            var results = await Task.WhenAll(payloads.Select(payload => Task.Run(() => subject.InvokeAsync("echo", payload).AsTask(), Token)));

            Assert.Equal(payloads, results.Select(result => result.Payload.ToArray()));
        }
    }

    [Fact]
    public async Task InvokeAsync_QueueIsFull_AnswersBusyAndTheRestRunLater()
    {
        await using var subject = await StartAsync();
        using var caller = new CancellationTokenSource();

        var running = subject.Begin("spin", caller.Token);
        var waiting = Enumerable.Range(0, subject.QueueLength).Select(_ => subject.Begin("echo", Token)).ToArray();
        var refused = await subject.InvokeAsync("echo");
        await caller.CancelAsync();
        var results = await Task.WhenAll(waiting).WaitAsync(s_patience, Token);

        Assert.Equal(InvocationError.Busy, refused.Error);
        Assert.All(results, result => Assert.True(result.IsSuccess, result.Message));
        Assert.Equal(InvocationError.Cancelled, (await running).Error);
    }

    [Fact]
    public async Task InvokeAsync_WaitingCall_EndsByItsOwnCancellationAndDeadline()
    {
        await using var subject = await StartAsync();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();

        var running = subject.Begin("spin", first.Token);
        var cancelled = subject.Begin("echo", second.Token);
        var late = subject.InvokeAsync("echo", within: TimeSpan.FromMilliseconds(50)).AsTask();
        await second.CancelAsync();

        Assert.Equal(InvocationError.Cancelled, (await cancelled.WaitAsync(s_patience, Token)).Error);
        Assert.Equal(InvocationError.Deadline, (await late.WaitAsync(s_patience, Token)).Error);
        Assert.False(running.IsCompleted);
        await first.CancelAsync();
        await running.WaitAsync(s_patience, Token);
    }

    [Fact]
    public async Task LoadAsync_IdIsTaken_FailsAndLeavesTheFirst()
    {
        await using var subject = await StartAsync();

        var second = await subject.Runtime.LoadAsync(subject.Manifest, new LonelyHost(), Token);

        Assert.Null(second.Skill);
        Assert.NotNull(second.Error);
        Assert.True((await subject.InvokeAsync("echo", s_arguments)).IsSuccess);
    }

    [Fact]
    public async Task UnloadAsync_LoadedSkill_IsGoneAndCanBeLoadedAgain()
    {
        await using var subject = await StartAsync();

        Assert.True(await subject.Runtime.UnloadAsync(subject.Manifest.Id, Token));
        Assert.Equal(InvocationError.NoSuchSkill, (await subject.InvokeAsync("echo")).Error);
        Assert.False(await subject.Runtime.UnloadAsync(subject.Manifest.Id, Token));

        Assert.Null((await subject.Runtime.LoadAsync(subject.Manifest, new LonelyHost(), Token)).Error);
        Assert.True((await subject.InvokeAsync("echo", s_arguments)).IsSuccess);
    }

    [Fact]
    public async Task UnloadAsync_CallRuns_LetsItEndByItself()
    {
        await using var subject = await StartAsync();

        var running = subject.InvokeAsync("spin", within: TimeSpan.FromMilliseconds(300)).AsTask();
        var unloading = subject.Runtime.UnloadAsync(subject.Manifest.Id, Token).AsTask();
        var waitedForTheCall = !unloading.IsCompleted;
        var result = await running.WaitAsync(s_patience, Token);

        Assert.True(await unloading.WaitAsync(s_patience, Token));
        Assert.True(waitedForTheCall);
        Assert.Equal(InvocationError.Deadline, result.Error);
    }

    [Fact]
    public async Task LoadAsync_SameSkillIsLeaving_WaitsUntilItHasLeft()
    {
        await using var subject = await StartAsync();

        using var caller = new CancellationTokenSource();
        var running = subject.Begin("spin", caller.Token);
        var unloading = subject.Runtime.UnloadAsync(subject.Manifest.Id, Token).AsTask();
        var loading = subject.Runtime.LoadAsync(subject.Manifest, new LonelyHost(), Token).AsTask();
        await Task.WhenAny(loading, unloading, Task.Delay(100, Token));
        var waits = !loading.IsCompleted && !unloading.IsCompleted;
        await caller.CancelAsync();

        Assert.True(waits);
        Assert.Equal(InvocationError.Cancelled, (await running.WaitAsync(s_patience, Token)).Error);
        Assert.True(await unloading.WaitAsync(s_patience, Token));
        Assert.Null((await loading.WaitAsync(s_patience, Token)).Error);
        Assert.True((await subject.InvokeAsync("echo", s_arguments)).IsSuccess);
    }

    [Fact]
    public async Task ReplaceAsync_NotLoaded_Fails()
    {
        await using var subject = await StartAsync();
        await subject.Runtime.UnloadAsync(subject.Manifest.Id, Token);

        var result = await subject.Runtime.ReplaceAsync(subject.Manifest, new LonelyHost(), Token);

        Assert.NotNull(result.Error);
        Assert.Equal(InvocationError.NoSuchSkill, (await subject.InvokeAsync("echo")).Error);
    }

    [Fact]
    public async Task ReplaceAsync_CallsRunAndWait_EndOnTheOldVersionWhileTheNewOneServes()
    {
        await using var subject = await StartAsync();
        using var caller = new CancellationTokenSource();

        var running = subject.Begin("spin", caller.Token);
        var waiting = subject.Begin("echo", Token);
        var result = await subject.Runtime.ReplaceAsync(subject.Manifest with { Description = "another" }, new LonelyHost(), Token);
        var fresh = await subject.InvokeAsync("echo", s_arguments);
        var oldGoesOn = !running.IsCompleted && !waiting.IsCompleted;
        await caller.CancelAsync();

        Assert.Equal("another", result.Skill?.Description);
        Assert.True(fresh.IsSuccess, fresh.Message);
        Assert.True(oldGoesOn);
        Assert.True((await waiting.WaitAsync(s_patience, Token)).IsSuccess);
        Assert.Equal(InvocationError.Cancelled, (await running.WaitAsync(s_patience, Token)).Error);
    }

    [Fact]
    public async Task ReplaceAsync_CallsAllTheWhile_FailsNone()
    {
        await using var subject = await StartAsync();
        using var enough = new CancellationTokenSource();
        var failures = new List<string?>();

        var calling = Task.Run(
            async () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => subject.InvokeAsync("echo", s_arguments).AsTask()));
                    failures.AddRange(results.Where(result => !result.IsSuccess).Select(result => result.Message));
                }
            },
            Token);
        for (var version = 0; version < 20; version++)
        {
            Assert.Null((await subject.Runtime.ReplaceAsync(subject.Manifest, new LonelyHost(), Token)).Error);
        }

        await enough.CancelAsync();
        await calling.WaitAsync(s_patience, Token);

        Assert.Empty(failures);
    }

    [Fact]
    public async Task UnloadAsync_ReplacedVersionStillRuns_WaitsForItToo()
    {
        await using var subject = await StartAsync();

        using var caller = new CancellationTokenSource();
        var running = subject.Begin("spin", caller.Token);
        await subject.Runtime.ReplaceAsync(subject.Manifest, new LonelyHost(), Token);
        var unloading = subject.Runtime.UnloadAsync(subject.Manifest.Id, Token).AsTask();
        await Task.WhenAny(unloading, Task.Delay(100, Token));
        var waits = !unloading.IsCompleted;
        await caller.CancelAsync();

        Assert.True(waits);
        Assert.Equal(InvocationError.Cancelled, (await running.WaitAsync(s_patience, Token)).Error);
        Assert.True(await unloading.WaitAsync(s_patience, Token));
    }

    [Fact]
    public async Task DisposeAsync_CallsRunAndWait_EndsThemAndAnswersEach()
    {
        await using var subject = await StartAsync();

        var running = subject.Begin("spin", Token);
        var waiting = subject.Begin("echo", Token);
        await subject.Runtime.DisposeAsync().AsTask().WaitAsync(s_patience, Token);

        // Whether the first call had begun is known to nobody out here.
        Assert.Contains((await running.WaitAsync(s_patience, Token)).Error, s_ended);
        Assert.Equal(InvocationError.Draining, (await waiting.WaitAsync(s_patience, Token)).Error);
        Assert.False((await subject.InvokeAsync("echo")).IsSuccess);
    }

    private async ValueTask<Loaded> StartAsync() => new(await CreateAsync());

    private sealed class Loaded(RuntimeSubject subject) : IAsyncDisposable
    {
        public ISkillRuntime Runtime => subject.Runtime;

        public Manifests.Manifest Manifest => subject.Manifest;

        public int QueueLength => subject.QueueLength;

        public Invocation Call(string method, ReadOnlyMemory<byte> payload = default) =>
            new(CallId.New(TimeProvider.System), Manifest.Id, method, payload, Caller.Edge, Deadline.After(s_patience, TimeProvider.System));

        public ValueTask<InvocationResult> InvokeAsync(string method, ReadOnlyMemory<byte> payload = default) =>
            Runtime.InvokeAsync(Call(method, payload), Token);

        public ValueTask<InvocationResult> InvokeAsync(string method, TimeSpan within) =>
            Runtime.InvokeAsync(Call(method) with { Deadline = Deadline.After(within, TimeProvider.System) }, Token);

        public Task<InvocationResult> Begin(string method, CancellationToken cancellationToken) =>
            Runtime.InvokeAsync(Call(method), cancellationToken).AsTask();

        public ValueTask DisposeAsync() => Runtime.DisposeAsync();
    }
}
