using System.Collections.Immutable;
using Luminarys.Manifests;

namespace Luminarys.Core.Tests.Manifests;

public sealed class McpMappingTests
{
    [Fact]
    public void Default_AnyMethod_IsExposedAsAToolOfItsOwn()
    {
        Assert.Equal(McpMappingKind.PerMethod, McpMapping.Default.Kind);
        Assert.True(McpMapping.Default.Exposes("anything"));
    }

    [Theory]
    [InlineData("", null, true)]
    [InlineData("run", null, false)]
    [InlineData("other", null, true)]
    [InlineData("Run", null, true)]
    [InlineData("", "", false)]
    [InlineData("", "run", true)]
    [InlineData("", "Run", false)]
    [InlineData("", "other", false)]
    [InlineData("", "other,run", true)]
    [InlineData("run", "run", false)]
    [InlineData("other", "run", true)]
    public void Exposes_HiddenAndExposedLists_HiddenWins(string hidden, string? exposed, bool answer)
    {
        var mapping = new McpMapping(McpMappingKind.PerSkill, List(hidden), exposed is null ? null : List(exposed));
        Assert.Equal(answer, mapping.Exposes("run"));
    }

    private static ImmutableArray<string> List(string names) => [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries)];
}
