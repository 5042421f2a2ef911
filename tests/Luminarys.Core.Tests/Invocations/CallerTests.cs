using Luminarys.Invocations;

namespace Luminarys.Core.Tests.Invocations;

public sealed class CallerTests
{
    [Fact]
    public void Edge_Always_NamesNoSkill()
    {
        Assert.Equal(CallerKind.Edge, Caller.Edge.Kind);
        Assert.Equal("", Caller.Edge.Skill.Value);
    }
}
