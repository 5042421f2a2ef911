using Luminarys.Ports;

namespace Luminarys.Core.Tests.Ports;

public sealed class BusSubjectTests
{
    [Theory]
    [InlineData("a", true, true)]
    [InlineData("lm.v1.cluster-1.n.node_2.r.0f", true, true)]
    [InlineData("$SYS.REQ", true, true)]
    [InlineData("a.*", false, true)]
    [InlineData("*.a", false, true)]
    [InlineData("*", false, true)]
    [InlineData(">", false, true)]
    [InlineData("a.>", false, true)]
    [InlineData(">.a", false, false)]
    [InlineData("a.>.b", false, false)]
    [InlineData("a*", false, false)]
    [InlineData("a.b>", false, false)]
    [InlineData("", false, false)]
    [InlineData(".", false, false)]
    [InlineData("a.", false, false)]
    [InlineData(".a", false, false)]
    [InlineData("a..b", false, false)]
    [InlineData("a b", false, false)]
    [InlineData("a\r\nb", false, false)]
    [InlineData("a\0b", false, false)]
    [InlineData("a\u007f", false, false)]
    [InlineData("ä", false, false)]
    [InlineData(null, false, false)]
    public void IsValid_Text_IsJudged(string? text, bool isSubject, bool isPattern) =>
        Assert.Equal((isSubject, isPattern), (BusSubject.IsValid(text), BusSubject.IsValidPattern(text)));

    [Fact]
    public void IsValid_Length_IsLimited()
    {
        Assert.True(BusSubject.IsValid(new string('a', BusSubject.MaxLength)));
        Assert.False(BusSubject.IsValid(new string('a', BusSubject.MaxLength + 1)));
    }
}
