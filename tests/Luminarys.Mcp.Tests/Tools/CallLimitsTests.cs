using Luminarys.Invocations;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Tools;

public sealed class CallLimitsTests
{
    private static readonly Deadline s_never = Deadline.Never;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnterAsync_PlacesOfOnePrincipal_LeaveRoomForTheOthers()
    {
        using var limits = Limits(all: 3, own: 2, waiting: 0);
        var one = await limits.EnterAsync("a", s_never, Cancellation);
        using var two = await limits.EnterAsync("a", s_never, Cancellation);

        Assert.Equal("too many calls wait already", (await limits.EnterAsync("a", s_never, Cancellation)).Refusal);
        using var other = await limits.EnterAsync("b", s_never, Cancellation);
        Assert.Null(other.Refusal);
        Assert.NotNull((await limits.EnterAsync("", s_never, Cancellation)).Refusal);
        one.Dispose();
        using var anybody = await limits.EnterAsync("", s_never, Cancellation);
        Assert.Null(anybody.Refusal);
    }

    [Fact]
    public async Task EnterAsync_WhenAllPlacesAreTaken_WaitsInOrder_UpToTheLimit()
    {
        using var limits = Limits(all: 1, own: 1, waiting: 2);
        var running = await limits.EnterAsync("", s_never, Cancellation);
        var first = limits.EnterAsync("", s_never, Cancellation).AsTask();
        var second = limits.EnterAsync("", s_never, Cancellation).AsTask();
        Assert.NotNull((await limits.EnterAsync("", s_never, Cancellation)).Refusal);

        running.Dispose();
        var next = await first;
        Assert.Null(next.Refusal);
        Assert.False(second.IsCompleted);
        next.Dispose();
        using var last = await second;
        Assert.Null(last.Refusal);
    }

    [Fact]
    public async Task EnterAsync_ClientThatGoesAway_GivesUpItsTurn_AndWhatItHeld()
    {
        using var limits = Limits(all: 1, own: 1, waiting: 1);
        var running = await limits.EnterAsync("a", s_never, Cancellation);
        using var client = new CancellationTokenSource();
        var waiting = limits.EnterAsync("b", s_never, client.Token).AsTask();

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        running.Dispose();
        using var again = await limits.EnterAsync("b", s_never, Cancellation);
        Assert.Null(again.Refusal);
    }

    [Fact]
    public async Task EnterAsync_DeadlineThatPassesMeanwhile_IsARefusal()
    {
        using var limits = Limits(all: 1, own: 1, waiting: 1);
        using var running = await limits.EnterAsync("", s_never, Cancellation);

        var late = await limits.EnterAsync("", Deadline.After(TimeSpan.FromMilliseconds(20), TimeProvider.System), Cancellation);

        Assert.Equal("no place became free before the call's deadline", late.Refusal);
    }

    [Fact]
    public async Task EnterAsync_Rate_IsOfOnePrincipal()
    {
        using var limits = Limits(all: 100, own: 100, waiting: 0, perMinute: 5);
        for (var i = 0; i < 5; i++)
        {
            (await limits.EnterAsync("a", s_never, Cancellation)).Dispose();
        }

        Assert.Contains("minute", (await limits.EnterAsync("a", s_never, Cancellation)).Refusal, StringComparison.Ordinal);
        Assert.Null((await limits.EnterAsync("b", s_never, Cancellation)).Refusal);
    }

    [Fact]
    public async Task Call_ThatFindsNoPlace_IsBusyAndNotBegun_AndMayBeRepeated()
    {
        await using var edge = await EdgeFixture.StartAsync(
            [TestSkills.Skill("echo", TestSkills.Method("ping"))],
            options => (options.MaxConcurrentCalls, options.MaxWaitingCalls) = (1, 0));
        var go = new TaskCompletionSource();
        edge.Invoker.Answer = async (_, _) =>
        {
            await go.Task;
            return InvocationResult.Success(FakeInvoker.Text("pong"));
        };
        await using var client = await edge.ConnectAsync();
        var running = client.CallToolAsync("echo__ping", cancellationToken: Cancellation).AsTask();
        while (edge.Invoker.Calls.IsEmpty)
        {
            await Task.Delay(5, Cancellation);
        }

        var refused = await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);
        go.SetResult();

        Assert.True(refused.IsError);
        Assert.Equal("BUSY", refused.Meta!["luminarys/code"]!.GetValue<string>());
        Assert.True(refused.Meta["luminarys/retryable"]!.GetValue<bool>());
        Assert.NotEqual(true, (await running).IsError);
        Assert.Single(edge.Invoker.Calls);
    }

    private static CallLimits Limits(int all, int own, int waiting, int? perMinute = null) => new(
        Options.Create(new McpEdgeOptions
        {
            MaxConcurrentCalls = all,
            MaxConcurrentCallsPerPrincipal = own,
            MaxWaitingCalls = waiting,
            MaxCallsPerMinute = perMinute,
        }),
        TimeProvider.System);
}
