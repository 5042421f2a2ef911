using Luminarys.Cluster.Messaging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Messaging;

public sealed class EventLoopTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task HandlersThrowAtOnce_TheLoopGoesOn()
    {
        var time = new FakeTimeProvider();
        var handled = new TaskCompletionSource();
        var ticked = new TaskCompletionSource();
        var ticks = 0;
        await using var loop = new EventLoop<bool>(
            time,
            TimeSpan.FromSeconds(1),
            isLast => isLast ? Complete(handled) : throw new InvalidOperationException("defect"),
            () => ++ticks == 2 ? Complete(ticked) : throw new InvalidOperationException("defect"),
            NullLogger.Instance);
        loop.Start();

        Assert.True(loop.TryPost(false));
        Assert.True(loop.TryPost(true));
        await handled.Task.WaitAsync(s_limit, TestContext.Current.CancellationToken);
        while (!ticked.Task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(ticked.Task, Task.Delay(1, TestContext.Current.CancellationToken));
            Assert.True(time.GetUtcNow() < time.Start + TimeSpan.FromHours(1), "the loop has stopped");
        }
    }

    private static ValueTask Complete(TaskCompletionSource signal)
    {
        signal.SetResult();
        return ValueTask.CompletedTask;
    }
}
