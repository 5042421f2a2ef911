using System.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Manifests;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>What guests with a WASI layer of their own language need besides.</summary>
public abstract class NativeGuestConformance : GuestConformance
{
    [Fact]
    public async Task Invoke_BytesAsNumbers_CountAsBytesOfTheResult()
    {
        await using var harness = await StartAsync();

        var result = await harness.InvokeAsync("numbers", RuntimeHarness.Pack(("value", new byte[] { 0, 127, 128, 255 })));

        Assert.True(result.IsSuccess, result.Message);
        Assert.Equal([0L, 127L, 128L, 255L], ((object[])RuntimeHarness.Decode(result.Payload)!).Select(Number));
    }

    [Fact]
    public async Task Invoke_Sleep_TakesItsTimeAndEndsWell()
    {
        await using var harness = await StartAsync();
        var watch = Stopwatch.StartNew();

        Assert.Equal(50, Number((await harness.AskAsync("sleep", RuntimeHarness.Pack(("ms", 50))))!));

        Assert.InRange(watch.ElapsedMilliseconds, 45, 5000);
    }

    [Fact]
    public async Task Invoke_SleepBeyondTheDeadline_IsWokenByIt()
    {
        await using var harness = await StartAsync(manifest => manifest with { Limits = new SkillLimits(Timeout: TimeSpan.FromMilliseconds(100)) });

        var result = await harness.InvokeAsync("sleep", RuntimeHarness.Pack(("ms", 600_000))).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(InvocationError.Deadline, result.Error);
        Assert.True((await harness.InvokeAsync("request")).IsSuccess);
    }

    [Fact]
    public async Task Invoke_StandardOutput_GoesToTheLog()
    {
        await using var harness = await StartAsync();

        Assert.True((await harness.InvokeAsync("print", RuntimeHarness.Pack(("message", "from within")))).IsSuccess);

        Assert.Contains(harness.Log.All, line => line.Text.Contains("from within", StringComparison.Ordinal));
    }
}
