using System.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills;
using Luminarys.Skills.Messages;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class SandboxLimitTests
{
    private static readonly SkillId s_other = new("other");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("echo", "spin")]
    [InlineData("echo", "sleep")]
    [InlineData("blocked", "run")]
    public async Task C6_Cancel_EndsWhateverTheGuestDoesWithinASecond(string asset, string method)
    {
        await using var harness = new RuntimeHarness(model: new SilentModel());
        Assert.Null((await harness.LoadAsync(asset)).Error);
        for (var i = 0; i < 3; i++)
        {
            using var caller = new CancellationTokenSource();
            var running = harness.Runtime.InvokeAsync(harness.Call(method), caller.Token).AsTask();
            await Task.Delay(20, Token);
            var start = Stopwatch.GetTimestamp();

            await caller.CancelAsync();

            Assert.Equal(InvocationError.Cancelled, (await running).Error);
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
            Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
        }
    }

    [Fact]
    public async Task S8_Deadline_EndsABlockedHostCall()
    {
        await using var harness = new RuntimeHarness(model: new SilentModel());
        await harness.LoadAsync("blocked", manifest => manifest with { Limits = new SkillLimits(Timeout: TimeSpan.FromMilliseconds(50)) });

        Assert.Equal(InvocationError.Deadline, (await harness.InvokeAsync("run").WaitAsync(TimeSpan.FromSeconds(20), Token)).Error);
        Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
    }

    [Fact]
    public async Task S8_AllGuestsTogether_CannotExceedTheirMemory()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.TotalMemoryMegabytes = 100);
        await LoadOtherAsync(harness);
        using var caller = new CancellationTokenSource();

        var spinning = harness.Runtime.InvokeAsync(harness.Call("spin"), caller.Token).AsTask();
        var refused = await CallOtherAsync(harness, "echo");
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); refused.IsSuccess && clock.Elapsed < TimeSpan.FromSeconds(10);)
        {
            // The first call counts from when its thread has begun with it.
            refused = await CallOtherAsync(harness, "echo");
        }

        await caller.CancelAsync();
        await spinning;

        Assert.Equal((InvocationError.Busy, "the skills of this host use all the memory that they may have together"), (refused.Error, refused.Message));
        Assert.True((await CallOtherAsync(harness, "echo")).IsSuccess);
    }

    [Fact]
    public async Task S8_GuestThatRests_CountsWithWhatItHasGrownTo()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.TotalMemoryMegabytes = 100);
        await LoadOtherAsync(harness);

        await harness.InvokeAsync("growto");
        Assert.Equal(InvocationError.Busy, (await CallOtherAsync(harness, "echo")).Error);
        await harness.InvokeAsync("trap");
        Assert.True((await CallOtherAsync(harness, "echo")).IsSuccess);
    }

    [Fact]
    public async Task S12_OneSkillTraps_TheOthersCallsSucceed()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.MaxInstances = 2);
        await LoadOtherAsync(harness);
        string[] mischief = ["trap", "recurse", "grow", "abort", "panic", "badptr", "exit", "garbage"];

        var trouble = Task.WhenAll(Enumerable.Range(0, 64).Select(i => harness.InvokeAsync(mischief[i % mischief.Length])));
        for (var i = 0; i < 200; i++)
        {
            var result = await CallOtherAsync(harness, "echo");
            Assert.True(result.IsSuccess, result.Message);
        }

        Assert.All(await trouble, result => Assert.False(result.IsSuccess));
        Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
    }

    [Fact]
    public async Task RatePerMinute_OneMore_IsBusyUntilTimePasses()
    {
        var clock = new ManualClock();
        await using var harness = await RuntimeHarness.StartAsync(
            "echo", time: clock, manifest: manifest => manifest with { Limits = new SkillLimits(RatePerMinute: 6) });
        for (var i = 0; i < 6; i++)
        {
            Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
        }

        Assert.Equal(InvocationError.Busy, (await harness.InvokeAsync("echo")).Error);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True((await harness.InvokeAsync("echo")).IsSuccess);
        Assert.Equal(InvocationError.Busy, (await harness.InvokeAsync("echo")).Error);
    }

    [Fact]
    public async Task Requirements_NotGranted_AreAllNamedAndTheSkillDoesNotLoad()
    {
        await using var harness = new RuntimeHarness();

        var error = (await harness.LoadAsync("requires")).Error;

        Assert.Contains("env API_KEY", error, StringComparison.Ordinal);
        Assert.Contains("invoke other", error, StringComparison.Ordinal);
    }

    [Fact]
    public void S8_AnswerBuffer_GrowsNoFurtherThanItsLimit()
    {
        var buffer = new AnswerBuffer(1000);
        buffer.GetSpan(1000);
        buffer.Advance(1000);

        Assert.Equal(1000, buffer.WrittenCount);
        Assert.Throws<AnswerTooLargeException>(() => buffer.GetSpan(100_000).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(200_000));
        buffer.Clear();
        Assert.Equal(0, buffer.WrittenCount);
    }

    [Fact]
    public void S8_MessageOfManySmallValues_IsRefused()
    {
        byte[] message = [0xdd, 0, 0, 0, 100, .. Enumerable.Repeat((byte)0xa0, 100)];

        Assert.Null(MessageGuard.FindFault(message));
        Assert.Null(MessageGuard.FindFault(message, 101));
        Assert.Equal("more than 100 values", MessageGuard.FindFault(message, 100));
    }

    private static async Task LoadOtherAsync(RuntimeHarness harness) =>
        Assert.Null((await harness.LoadAsync("echo", manifest => manifest with { Id = s_other })).Error);

    private static async Task<InvocationResult> CallOtherAsync(RuntimeHarness harness, string method) =>
        await harness.Runtime.InvokeAsync(harness.Call(method) with { Skill = s_other }, Token);
}
