using Luminarys.Runtime.Wasm.Engine;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class ThreadParkerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APermitThatCameEarly_EndsTheNextSleepAtOnce(bool portable)
    {
        var parker = new ThreadParker(portable);
        parker.Unpark();

        Assert.True(RunToItsEnd(parker.Park));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Permits_DoNotAddUp(bool portable)
    {
        var parker = new ThreadParker(portable);
        parker.Unpark();
        parker.Unpark();
        var parkings = 0;
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 2; i++)
            {
                parker.Park();
                Interlocked.Increment(ref parkings);
            }
        }) { IsBackground = true };
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref parkings) == 1, s_limit));

        await Task.Delay(50, TestContext.Current.CancellationToken);

        Assert.Equal(1, Volatile.Read(ref parkings));
        parker.Unpark();
        Assert.True(thread.Join(s_limit));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TwoThreadsThatWakeEachOther_LoseNoWake(bool portable)
    {
        const int Turns = 10_000;
        var (parker, other) = (new ThreadParker(portable), new ThreadParker(portable));
        var thread = new Thread(() => TakeTurns(other, parker, Turns)) { IsBackground = true };
        thread.Start();

        Assert.True(RunToItsEnd(() => TakeTurns(parker, other, Turns, begins: true)));
        Assert.True(thread.Join(s_limit));
    }

    private static void TakeTurns(ThreadParker own, ThreadParker other, int turns, bool begins = false)
    {
        if (begins)
        {
            other.Unpark();
        }

        for (var i = 0; i < turns; i++)
        {
            own.Park();
            if (!begins || i < turns - 1)
            {
                other.Unpark();
            }
        }
    }

    private static bool RunToItsEnd(Action action)
    {
        var thread = new Thread(() => action()) { IsBackground = true };
        thread.Start();
        return thread.Join(s_limit);
    }
}
