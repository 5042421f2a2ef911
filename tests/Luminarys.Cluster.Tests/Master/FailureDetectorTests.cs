using Luminarys.Cluster.Master;
using Luminarys.Cluster.Tests.Support;

namespace Luminarys.Cluster.Tests.Master;

public sealed class FailureDetectorTests
{
    [Fact]
    public void Sweep_IntervalBelowTheTick_ASilentNodeIsFound()
    {
        var detector = new FailureDetector(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500));
        var node = new NodeRecord(new("a"), Samples.Instance(1), TimeSpan.Zero);

        var isFound = false;
        for (var tick = 1; tick <= 10; tick++)
        {
            isFound |= detector.Sweep(TimeSpan.FromMilliseconds(110 * tick), isBusUp: true, [node], out _).Count == 1;
        }

        Assert.True(isFound);
    }
}
