using Luminarys.Cluster.Transfers;

namespace Luminarys.Cluster.Tests.Transfers;

public sealed class AttemptNumberTests
{
    private static readonly DateTimeOffset s_begin = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_SourceThatBeganASecondLater_IsHigherThanAnyAttemptBefore() =>
        Assert.True(AttemptNumber.Of(s_begin.AddSeconds(1), 1) > AttemptNumber.Of(s_begin, uint.MaxValue));

    [Fact]
    public void Of_AttemptsOfOneSource_Grow() =>
        Assert.All(Enumerable.Range(1, 14), count => Assert.True(AttemptNumber.Of(s_begin, (uint)count + 1) > AttemptNumber.Of(s_begin, (uint)count)));

    [Fact]
    public void CountOf_Number_IsTheCountOfWhichItWasMade() =>
        Assert.All(Enumerable.Range(1, 15), count => Assert.Equal((uint)count, AttemptNumber.CountOf(AttemptNumber.Of(s_begin, (uint)count))));
}
