using CsCheck;
using Luminarys.Cluster.Signing;

namespace Luminarys.Cluster.Tests.Signing;

public sealed class ReplayWindowTests
{
    [Fact]
    public void TryTake_AnyOrder_TakesEachNumberOnce() =>
        Gen.ULong[1, 3UL * ReplayWindow.Size].Array[1, 400].Sample(
            numbers =>
            {
                var window = new ReplayWindow();
                var (taken, highest) = (new HashSet<ulong>(), 0UL);
                foreach (var number in numbers)
                {
                    var isTooOld = highest >= ReplayWindow.Size && number <= highest - ReplayWindow.Size;
                    Assert.Equal(!isTooOld && taken.Add(number), window.TryTake(number));
                    highest = Math.Max(highest, number);
                }
            },
            iter: 2_000);

    [Fact]
    public void TryTake_Zero_IsRefused() => Assert.False(new ReplayWindow().TryTake(0));

    [Fact]
    public void TryTake_HugeStep_ForgetsNothingThatCouldComeAgain()
    {
        var window = new ReplayWindow();
        Assert.True(window.TryTake(5));
        Assert.True(window.TryTake(ulong.MaxValue));
        Assert.False(window.TryTake(5));
        Assert.False(window.TryTake(ulong.MaxValue));
        Assert.True(window.TryTake(ulong.MaxValue - 1));
    }
}
