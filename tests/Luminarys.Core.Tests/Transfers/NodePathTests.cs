using Luminarys.Nodes;
using Luminarys.Transfers;

namespace Luminarys.Core.Tests.Transfers;

public sealed class NodePathTests
{
    [Theory]
    [InlineData("slave-1:///data/x", "slave-1", "/data/x")]
    [InlineData("a:///data/in/", "a", "/data/in/")]
    [InlineData("a:///x:///y", "a", "/x:///y")]
    public void TryParse_PathOfANode_ReadsBothAndWritesThemAgain(string text, string node, string path)
    {
        Assert.True(NodePath.TryParse(text, out var read));
        Assert.Equal(new(new NodeId(node), path), read);
        Assert.Equal(text, read.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/data/x")]
    [InlineData("slave-1:/data/x")]
    [InlineData("slave-1://data/x")]
    [InlineData("slave-1:///")]
    [InlineData(":///data/x")]
    [InlineData("no node:///data/x")]
    public void TryParse_AnythingElse_IsNone(string? text) => Assert.False(NodePath.TryParse(text, out _));

    [Theory]
    [InlineData("b:///in/", "b:///in/x")]
    [InlineData("b:///in", "b:///in")]
    public void For_Directory_GetsTheNameOfTheSource(string destination, string expected)
    {
        Assert.True(NodePath.TryParse("a:///data/x", out var source));
        Assert.True(NodePath.TryParse(destination, out var path));
        Assert.Equal(expected, path.For(source).ToString());
    }
}
