using System.Buffers.Binary;
using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

public sealed class WasiFunctionsTests
{
    [Fact]
    public async Task PollOneOff_Nap_WaitsAndAnswersTheEvent()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");
        var started = TimeProvider.System.GetTimestamp();

        var result = await harness.InvokeAsync("nap");

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(5));
        Assert.Equal(42ul, BinaryPrimitives.ReadUInt64LittleEndian(result.Payload.Span));
        Assert.Equal(0, BinaryPrimitives.ReadUInt16LittleEndian(result.Payload.Span[8..]));
    }

    [Fact]
    public async Task PollOneOff_LongestTimeout_LastsUntilTheCallerGivesUp()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var result = await harness.Runtime.InvokeAsync(harness.Call("forever"), caller.Token).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(InvocationError.Cancelled, result.Error);
    }

    [Fact]
    public async Task RandomGet_AnswersSomethingElseEachTime()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        var first = await harness.InvokeAsync("random");
        var second = await harness.InvokeAsync("random");

        Assert.NotEqual(first.Payload.ToArray(), second.Payload.ToArray());
    }

    [Fact]
    public async Task FdWrite_Output_GoesToTheLogLineByLine()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        await harness.InvokeAsync("print");

        Assert.Equal(
            ["Skill guest printed: panic: index out of range", "Skill guest printed: goroutine 1 [running]:", "Skill guest printed: main.go:7"],
            harness.Log.Of(3011));
    }
}
