using CsCheck;
using Luminarys.Cluster.Slave;

namespace Luminarys.Cluster.Tests.Slave;

public sealed class IntervalSetTests
{
    [Fact]
    public void Add_AnyOrder_BehavesAsASet() =>
        Gen.Select(Gen.ULong[1, 40], Gen.Bool).List[0, 80].Sample(
            operations =>
            {
                var set = new IntervalSet();
                var model = new HashSet<ulong>();
                foreach (var (number, isUpTo) in operations)
                {
                    if (isUpTo && number % 5 == 0)
                    {
                        set.AddUpTo(number);
                        model.UnionWith(Enumerable.Range(1, (int)number).Select(item => (ulong)item));
                    }
                    else if (set.Add(number) != model.Add(number))
                    {
                        return false;
                    }
                }

                return set.Intervals == model.Count(number => !model.Contains(number - 1))
                    && Enumerable.Range(1, 45).All(number => set.Add((ulong)number) != model.Contains((ulong)number));
            },
            iter: 5000);

    [Fact]
    public void Add_InOrder_StaysOneInterval()
    {
        var set = new IntervalSet();
        for (ulong number = 1; number <= 10_000; number++)
        {
            Assert.True(set.Add(number));
        }

        Assert.Equal(1, set.Intervals);
    }
}
