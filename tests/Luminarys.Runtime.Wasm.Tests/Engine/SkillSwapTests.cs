using System.Collections.Concurrent;
using System.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Tests.Commands;
using Luminarys.State;
using Microsoft.Extensions.Time.Testing;
using static Luminarys.Runtime.Wasm.Tests.Commands.CommandScene;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class SkillSwapTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Swap_At200CallsASecond_FailsNoCallAndMixesNoVersions()
    {
        using var guest = new VersionGuest();
        await using var harness = new RuntimeHarness(options => options.MaxInstances = 16);
        var versions = new[] { guest.Of("ONE"), guest.Of("TWO") };
        Assert.Null((await harness.Runtime.LoadAsync(versions[0], harness.Host, Token)).Error);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var answers = new ConcurrentBag<string>();

        var load = LoadAsync(harness, answers, enough.Token);
        var swaps = 0;
        while (!enough.IsCancellationRequested)
        {
            Assert.Null((await harness.Runtime.ReplaceAsync(versions[++swaps % 2], harness.Host, Token)).Error);
            await Task.WhenAny(load, Task.Delay(100, Token));
        }

        await load.WaitAsync(s_patience, Token);
        TestContext.Current.SendDiagnosticMessage($"{answers.Count} calls over {swaps} swaps");
        Assert.Equal(["ONE ONE", "TWO TWO"], answers.Distinct().Order(StringComparer.Ordinal));
        Assert.True(answers.Count >= 500, $"only {answers.Count} calls in 3 s");
    }

    [Fact]
    public async Task Swap_MethodIsGone_ItsCallsSaySoAndAllOthersGoOn()
    {
        using var guest = new VersionGuest();
        await using var harness = new RuntimeHarness();
        Assert.Null((await harness.Runtime.LoadAsync(guest.Of("ONE"), harness.Host, Token)).Error);
        Assert.True((await harness.InvokeAsync("only_ONE")).IsSuccess);

        var result = await harness.Runtime.ReplaceAsync(guest.Of("TWO"), harness.Host, Token);

        Assert.Equal("TWO", result.Skill?.Descriptor.Version);
        Assert.Equal(InvocationError.NoSuchMethod, (await harness.InvokeAsync("only_ONE")).Error);
        Assert.Equal("TWO TWO", await harness.AskAsync("version"));
    }

    [Theory]
    [InlineData("0061736d01000000")]
    [InlineData("not a module at all")]
    [InlineData("")]
    public async Task Swap_ForSomethingBroken_FailsAndTheOldOneGoesOn(string content)
    {
        using var guest = new VersionGuest();
        await using var harness = new RuntimeHarness();
        Assert.Null((await harness.Runtime.LoadAsync(guest.Of("ONE"), harness.Host, Token)).Error);
        var broken = guest.Broken(content.StartsWith("00", StringComparison.Ordinal) ? Convert.FromHexString(content) : System.Text.Encoding.ASCII.GetBytes(content));

        var result = await harness.Runtime.ReplaceAsync(broken, harness.Host, Token);

        Assert.NotNull(result.Error);
        Assert.Equal("ONE ONE", await harness.AskAsync("version"));
        Assert.Empty(harness.Log.Of(3007));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Swap_CallsOfTheNewVersion_WaitForTheOldOneOnlyWhenItHoldsConnections(bool connects)
    {
        using var guest = new VersionGuest();
        await using var harness = new RuntimeHarness();
        Assert.Null((await harness.Runtime.LoadAsync(guest.Of("ONE", isSlow: true, connects), harness.Host, Token)).Error);

        var old = harness.AskAsync("version");
        Assert.Null((await harness.Runtime.ReplaceAsync(guest.Of("TWO", isSlow: false, connects), harness.Host, Token)).Error);
        var fresh = harness.AskAsync("version");
        await Task.WhenAny(old, fresh);
        var (oldWasFirst, freshHasEnded) = (old.IsCompleted, fresh.IsCompleted);

        Assert.Equal(connects, oldWasFirst);
        Assert.Equal(!connects, freshHasEnded);
        Assert.Equal(("ONE ONE", "TWO TWO"), (await old, await fresh));
    }

    [Fact]
    public async Task Swap_CallThatWaitsForTheOldVersion_EndsAtItsOwnDeadline()
    {
        using var guest = new VersionGuest();
        await using var harness = new RuntimeHarness();
        Assert.Null((await harness.Runtime.LoadAsync(guest.Of("ONE", isSlow: true, connects: true), harness.Host, Token)).Error);

        var old = harness.AskAsync("version");
        Assert.Null((await harness.Runtime.ReplaceAsync(guest.Of("TWO", connects: true), harness.Host, Token)).Error);
        var late = await harness.Runtime.InvokeAsync(harness.Call("version") with { Deadline = Deadline.After(TimeSpan.FromMilliseconds(20), harness.Time) }, Token);
        var oldRuns = !old.IsCompleted;

        Assert.Equal(InvocationError.Deadline, late.Error);
        Assert.True(oldRuns);
        Assert.Equal("ONE ONE", await old);
    }

    [Fact]
    public async Task Swap_StateOfACallThatEndsAfterIt_IsNotLost()
    {
        var stored = new TaskCompletionSource();
        var states = new TroubledStore { OnSave = () => stored.Task };
        await using var harness = new RuntimeHarness(states: states);
        Assert.Null((await harness.LoadAsync("echo")).Error);

        var saving = harness.InvokeAsync("save", [1, 2]);
        Assert.Null((await harness.Runtime.ReplaceAsync(RuntimeHarness.ManifestOf("echo"), harness.Host, Token)).Error);
        stored.SetResult();
        Assert.True((await saving).IsSuccess);

        var request = (Dictionary<object, object>)(await harness.AskAsync("raw"))!;
        Assert.Equal([1, 2], (byte[])request["state"]);
    }

    [Fact]
    public async Task Swap_CommandThatRuns_EndsWithItsCallback()
    {
        await using var scene = await StartAsync();
        var road = new TaskCompletionSource();
        scene.Host.Road = road.Task;

        await scene.AnswerAsync(Command("call_module", ("skill_id", "guest"), ("method", "echo"), ("callback", "keep")));
        await SwapAsync(scene);
        road.SetResult();

        await scene.WaitForStateAsync();
        await scene.Harness.Log.WaitForAsync(3008);
        Assert.Empty(scene.Harness.Log.Of(3070));
    }

    [Fact]
    public async Task Swap_Subscriptions_GoOnWithTheNewVersion()
    {
        await using var scene = await StartAsync();
        await scene.AnswerAsync(Command("subscribe", ("topic", "news"), ("callback", "keep")));
        for (var left = 2000; left > 0 && !scene.Host.Hears("news"); left--)
        {
            await Task.Delay(5, Token);
        }

        await SwapAsync(scene);
        await scene.Harness.Log.WaitForAsync(3008);
        await scene.Host.EmitAsync(new("news", Encode("hello"), RuntimeHarness.Id), Token);

        Assert.NotEmpty(await scene.WaitForStateAsync());
    }

    [Fact]
    public async Task Swap_Schedules_RunOnceOnTheNewVersion()
    {
        var time = new FakeTimeProvider();
        await using var scene = await StartAsync(time: time);
        await scene.AnswerAsync(Command("schedule", ("method", "keep"), ("delay_ms", 60_000), ("payload", Map(("at", "last")))));
        await UntilStoredAsync(scene, 1);

        await SwapAsync(scene);
        await scene.Harness.Log.WaitForAsync(3008);
        time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("last", (await scene.WaitForStateAsync())["at"]);
        await UntilStoredAsync(scene, 0);
        Assert.Empty(scene.Harness.Log.Of(3072));
    }

    [Fact]
    public async Task Schedules_OverdueAtLoading_WaitUntilTheSkillIsOffered()
    {
        var time = new FakeTimeProvider();
        var states = new MemoryStateStore();
        await states.AddScheduleAsync(new(Guid.CreateVersion7(), RuntimeHarness.Id, "keep", Encode(Map(("at", "last"))), time.GetUtcNow()), Token);
        await using var harness = new RuntimeHarness(time: time, states: states);
        Assert.Null((await harness.LoadAsync("commands")).Error);

        time.Advance(TimeSpan.FromDays(1));
        Assert.Single(await states.ReadSchedulesAsync(RuntimeHarness.Id, Token));
        harness.Runtime.Activate(RuntimeHarness.Id);
        time.Advance(TimeSpan.FromMilliseconds(1));

        for (var left = 2000; left > 0 && (await states.ReadSchedulesAsync(RuntimeHarness.Id, Token)).Length > 0; left--)
        {
            await Task.Delay(5, Token);
        }

        Assert.Empty(await states.ReadSchedulesAsync(RuntimeHarness.Id, Token));
    }

    private static async Task SwapAsync(CommandScene scene)
    {
        var manifest = RuntimeHarness.ManifestOf("commands") with { InvokePolicy = new(["*"], ["*"]) };
        Assert.Null((await scene.Harness.Runtime.ReplaceAsync(manifest, scene.Host, Token)).Error);
    }

    private static async Task UntilStoredAsync(CommandScene scene, int count)
    {
        for (var left = 2000; left > 0 && (await scene.Harness.States.ReadSchedulesAsync(RuntimeHarness.Id, Token)).Length != count; left--)
        {
            await Task.Delay(5, Token);
        }

        Assert.Equal(count, (await scene.Harness.States.ReadSchedulesAsync(RuntimeHarness.Id, Token)).Length);
    }

    // One every five milliseconds, whatever the ones before do; what a busy machine makes late comes at once.
    private static async Task LoadAsync(RuntimeHarness harness, ConcurrentBag<string> answers, CancellationToken enough)
    {
        var calls = new List<Task>();
        using var timer = new PeriodicTimer(s_pause);
        var begun = Stopwatch.GetTimestamp();
        while (!enough.IsCancellationRequested)
        {
            while (calls.Count * s_pause < Stopwatch.GetElapsedTime(begun))
            {
                calls.Add(CallAsync());
            }

            await timer.WaitForNextTickAsync(Token);
        }

        await Task.WhenAll(calls);

        async Task CallAsync()
        {
            var result = await harness.InvokeAsync("version");
            answers.Add(result.IsSuccess ? (string)RuntimeHarness.Decode(result.Payload)! : $"{result.Error}: {result.Message}");
        }
    }
}
