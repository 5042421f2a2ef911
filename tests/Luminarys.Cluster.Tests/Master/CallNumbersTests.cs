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
    public void SettledBefore_ManyAreOpen_NamesThemWithOneCallInSixtyFour()
    {
        var said = Enumerable.Range(0, 640).Count(_ => !_numbers.SettledBefore(_numbers.Take()).Open.IsDefault);

        // The first sixteen, and every sixty-fourth.
        Assert.Equal(16 + 10, said);
    }
}
