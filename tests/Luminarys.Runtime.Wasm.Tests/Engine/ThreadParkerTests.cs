using Luminarys.Runtime.Wasm.Engine;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class ThreadParkerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly ThreadParker _parker = new();

    [Fact]
    public void APermitThatCameEarly_EndsTheNextSleepAtOnce()
    {
        _parker.Unpark();

        Assert.True(RunToItsEnd(_parker.Park));
    }

    [Fact]
    public async Task Permits_DoNotAddUp()
    {
        _parker.Unpark();
        _parker.Unpark();
        var parkings = 0;
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 2; i++)
            {
                _parker.Park();
                Interlocked.Increment(ref parkings);
            }
        }) { IsBackground = true };
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref parkings) == 1, s_limit));

        await Task.Delay(50, TestContext.Current.CancellationToken);

        Assert.Equal(1, Volatile.Read(ref parkings));
        _parker.Unpark();
        Assert.True(thread.Join(s_limit));
    }

    [Fact]
    public void TwoThreadsThatWakeEachOther_LoseNoWake()
    {
        const int Turns = 100_000;
        var other = new ThreadParker();
        var thread = new Thread(() => TakeTurns(other, _parker, Turns)) { IsBackground = true };
        thread.Start();

        Assert.True(RunToItsEnd(() => TakeTurns(_parker, other, Turns, begins: true)));
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
