using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Engine;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class InterruptionTests
{
    [Fact]
    public void S8_TimerThatFiresBeforeTheClockSaysSo_IsTheDeadline()
    {
        var clock = new HastyTimers();
        using var interruption = new Interruption(clock, CancellationToken.None);
        interruption.Arm(deadline: clock.GetTimestamp() + clock.TimestampFrequency, CancellationToken.None);
        interruption.ThrowIfPending();

        Assert.True(interruption.Token.IsCancellationRequested);

        var end = Assert.Throws<GuestFaultException>(interruption.ThrowIfPending);
        Assert.Equal(InvocationError.Deadline, end.Fault.Error);
    }

    [Fact]
    public void Arm_AfterACallThatWasCutShort_BeginsAnew()
    {
        var clock = new HastyTimers();
        using var interruption = new Interruption(clock, CancellationToken.None);
        interruption.Arm(clock.GetTimestamp() + clock.TimestampFrequency, CancellationToken.None);
        Assert.True(interruption.Token.IsCancellationRequested);

        interruption.Arm(long.MaxValue, CancellationToken.None);

        interruption.ThrowIfPending();
        Assert.False(interruption.Token.IsCancellationRequested);
    }

    /// <summary>Its clock stands still; its timers fire at once.</summary>
    private sealed class HastyTimers : TimeProvider
    {
        public override long GetTimestamp() => 1;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
