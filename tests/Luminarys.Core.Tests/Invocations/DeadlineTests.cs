using CsCheck;
using Luminarys.Invocations;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Core.Tests.Invocations;

public sealed class DeadlineTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void After_NoTimePassed_LeavesTheDuration()
    {
        var deadline = Deadline.After(TimeSpan.FromSeconds(5), _time);
        Assert.Equal(TimeSpan.FromSeconds(5), deadline.Remaining(_time));
        Assert.False(deadline.HasPassed(_time));
    }

    [Fact]
    public void Remaining_TimePasses_ShrinksToZeroAndStays()
    {
        var deadline = Deadline.After(TimeSpan.FromSeconds(5), _time);
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), deadline.Remaining(_time));
        Assert.False(deadline.HasPassed(_time));

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining(_time));
        Assert.True(deadline.HasPassed(_time));

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining(_time));
    }

    [Fact]
    public void Remaining_AnyDurationUpToADay_IsTheDifference() =>
        Gen.Select(Gen.Int[0, 86_400_000], Gen.Int[0, 86_400_000]).Sample((duration, elapsed) =>
        {
            var time = new FakeTimeProvider();
            var deadline = Deadline.After(TimeSpan.FromMilliseconds(duration), time);
            time.Advance(TimeSpan.FromMilliseconds(elapsed));
            return deadline.Remaining(time) == TimeSpan.FromMilliseconds(Math.Max(0, duration - elapsed));
        });

    [Fact]
    public void After_MoreThanTheClockCanSay_IsNever()
    {
        var fine = new FixedClock(timestamp: 1_000_000, frequency: 1_000_000_000);
        Assert.Equal(Deadline.Never, Deadline.After(TimeSpan.MaxValue, fine));
        Assert.False(Deadline.After(TimeSpan.MaxValue, fine).HasPassed(fine));
    }

    [Fact]
    public void After_AnyDurationOnAnyClock_NeverWrapsAround() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, TimeSpan.MaxValue.Ticks], Gen.OneOf(1_000_000L, 10_000_000L, 1_000_000_000L))
            .Sample((now, ticks, frequency) =>
            {
                var clock = new FixedClock(now, frequency);
                var deadline = Deadline.After(TimeSpan.FromTicks(ticks), clock);
                return deadline.Timestamp >= now && deadline.Remaining(clock) >= TimeSpan.Zero;
            });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void After_NothingOrLess_HasPassed(long ticks)
    {
        var deadline = Deadline.After(TimeSpan.FromTicks(ticks), _time);
        Assert.True(deadline.HasPassed(_time));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining(_time));
    }

    [Fact]
    public void Never_AnyTime_HasNotPassed()
    {
        var end = new FixedClock(long.MaxValue, 10_000_000);
        Assert.False(Deadline.Never.HasPassed(end));
        Assert.Equal(TimeSpan.MaxValue, Deadline.Never.Remaining(end));
    }

    [Fact]
    public void Default_AnyTime_HasPassed() => Assert.True(default(Deadline).HasPassed(_time));

    [Fact]
    public void Earlier_AnyTwo_IsTheSmallerInBothOrders() => Gen.Select(Gen.Long, Gen.Long).Sample((left, right) =>
        Deadline.Earlier(new(left), new(right)).Timestamp == Math.Min(left, right)
        && Deadline.Earlier(new(right), new(left)) == Deadline.Earlier(new(left), new(right)));

    [Fact]
    public void Earlier_WithNever_IsTheOther() =>
        Assert.Equal(new Deadline(7), Deadline.Earlier(Deadline.Never, new Deadline(7)));

    [Fact]
    public void Members_NoClock_Throw()
    {
        Assert.Throws<ArgumentNullException>(() => Deadline.After(TimeSpan.Zero, null!));
        Assert.Throws<ArgumentNullException>(() => Deadline.Never.Remaining(null!));
    }

    /// <summary>A clock that stands still, at any point and with any frequency.</summary>
    private sealed class FixedClock(long timestamp, long frequency) : TimeProvider
    {
        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => timestamp;
    }
}
