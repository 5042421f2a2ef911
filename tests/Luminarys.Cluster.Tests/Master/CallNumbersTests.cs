using CsCheck;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Tests.Master;

public sealed class CallNumbersTests
{
    private readonly CallNumbers _numbers = new();

    [Fact]
    public void SettledBefore_NothingElseIsOpen_IsAPrefix()
    {
        _numbers.Settle(_numbers.Take());

        var settled = _numbers.SettledBefore(_numbers.Take());

        Assert.Equal(SettledNumbers.UpTo(1), settled);
    }

    [Fact]
    public void SettledBefore_OneLongCall_NamesIt()
    {
        var longCall = _numbers.Take();
        for (var i = 0; i < 100; i++)
        {
            _numbers.Settle(_numbers.Take());
        }

        var settled = _numbers.SettledBefore(_numbers.Take());

        Assert.Equal((0UL, 102UL), (settled.Done, settled.Before));
        Assert.Equal([longCall], settled.Open);
        Assert.True(settled.Includes(101));
        Assert.False(settled.Includes(1) || settled.Includes(102) || settled.Includes(200));
    }

    [Fact]
    public void SettledBefore_ManyAreOpen_NamesThemSeldomerThanThereAre()
    {
        var named = Enumerable.Range(0, 640).Select(_ => _numbers.SettledBefore(_numbers.Take())).Where(settled => !settled.Open.IsDefault).Sum(settled => settled.Open.Length);

        Assert.InRange(named, 1, 640);
    }

    [Fact]
    public void SettledBefore_LongCallsEnded_IsAPrefixAgain()
    {
        var longCalls = new[] { _numbers.Take(), _numbers.Take() };
        for (var i = 0; i < 1000; i++)
        {
            _numbers.Settle(_numbers.Take());
        }

        _numbers.Settle(longCalls[1]);
        Assert.Equal(0UL, _numbers.DoneUpTo);
        var last = _numbers.Take();
        _numbers.Settle(longCalls[0]);

        Assert.Equal(last - 1, _numbers.DoneUpTo);
        _numbers.Settle(last);
        Assert.Equal(last, _numbers.DoneUpTo);
    }

    [Fact]
    public void DoneUpTo_SettledInAnyOrder_IsBelowTheSmallestOpenOne() => Gen.Int[0, 3].Array[1, 400].Sample(steps =>
    {
        var (numbers, open) = (new CallNumbers(), new SortedSet<ulong>());
        var last = 0UL;
        foreach (var step in steps)
        {
            if (step <= 1 || open.Count == 0)
            {
                open.Add(last = numbers.Take());
            }
            else
            {
                var settled = step == 2 ? open.Min : open.ElementAt(open.Count / 2);
                open.Remove(settled);
                numbers.Settle(settled);
            }

            Assert.Equal(open.Count == 0 ? last : open.Min - 1, numbers.DoneUpTo);
        }
    });
}
