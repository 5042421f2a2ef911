namespace Luminarys.Testing.Tests;

public sealed class VirtualTimeTests
{
    [Fact]
    public void Advance_RunsTimersInTheirOrderAtTheirTime()
    {
        var time = new VirtualTime();
        var ran = new List<string>();
        using var second = time.CreateTimer(_ => ran.Add($"b{time.GetTimestamp()}"), null, TimeSpan.FromTicks(20), Timeout.InfiniteTimeSpan);
        using var first = time.CreateTimer(_ => ran.Add($"a{time.GetTimestamp()}"), null, TimeSpan.FromTicks(10), TimeSpan.FromTicks(15));

        time.Advance(TimeSpan.FromTicks(30));

        Assert.Equal(["a10", "b20", "a25"], ran);
        Assert.Equal(30, time.GetTimestamp());
    }

    [Fact]
    public void Advance_TimerThatIsDisposedOrChanged_DoesAsItIsTold()
    {
        var time = new VirtualTime();
        var ran = 0;
        var gone = time.CreateTimer(_ => ran++, null, TimeSpan.FromTicks(10), Timeout.InfiniteTimeSpan);
        using var later = time.CreateTimer(_ => ran++, null, TimeSpan.FromTicks(10), Timeout.InfiniteTimeSpan);
        gone.Dispose();
        later.Change(TimeSpan.FromTicks(50), Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromTicks(40));
        Assert.Equal(0, ran);
        time.Advance(TimeSpan.FromTicks(40));
        Assert.Equal(1, ran);
        Assert.False(gone.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void NodeTime_WhileStopped_RunsNoTimerAndCatchesUpOnce()
    {
        var time = new VirtualTime();
        var node = new NodeTime(time);
        var ran = 0;
        using var timer = node.CreateTimer(_ => ran++, null, TimeSpan.FromTicks(10), TimeSpan.FromTicks(10));

        node.Stop();
        time.Advance(TimeSpan.FromTicks(55));
        Assert.Equal(0, ran);
        Assert.Equal(55, node.GetTimestamp());
        node.GoOn();
        Assert.Equal(1, ran);
        time.Advance(TimeSpan.FromTicks(10));
        Assert.Equal(2, ran);
    }
}
