using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Skills;

public sealed class SkillTests
{
    /// <summary>Every combination of the five facts that decide; M3 of the front door: what is not exposed cannot be called either.</summary>
    public static TheoryData<bool, bool, bool, bool?, bool> Combinations()
    {
        var data = new TheoryData<bool, bool, bool, bool?, bool>();
        foreach (var isHidden in Booleans)
        {
            foreach (var isCallback in Booleans)
            {
                foreach (var manifestHides in Booleans)
                {
                    data.Add(isHidden, isCallback, manifestHides, null, !isHidden && !isCallback && !manifestHides);
                    data.Add(isHidden, isCallback, manifestHides, false, false);
                    data.Add(isHidden, isCallback, manifestHides, true, !isHidden && !isCallback && !manifestHides);
                }
            }
        }

        return data;
    }

    private static ImmutableArray<bool> Booleans => [false, true];

    [Theory]
    [MemberData(nameof(Combinations))]
    public void IsExposed_EachCombination_NeedsPackageAndManifest(
        bool isHidden, bool isCallback, bool manifestHides, bool? manifestExposes, bool exposed)
    {
        var method = new SkillMethod("run", "", [], isHidden, isCallback);
        ImmutableArray<string>? exposedMethods = manifestExposes switch { null => null, true => ["run"], false => ["other"] };
        var mapping = new McpMapping(McpMappingKind.PerMethod, manifestHides ? ["run"] : ["other"], exposedMethods);

        Assert.Equal(exposed, TestSkills.Skill("echo", method, mapping).IsExposed(method));
    }

    [Fact]
    public void IsExposed_NoMethod_Throws() =>
        Assert.Throws<ArgumentNullException>(() => TestSkills.Skill("echo").IsExposed(null!));

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    public void IsVisible_HiddenOrCallback_IsNot(bool isHidden, bool isCallback, bool visible) =>
        Assert.Equal(visible, new SkillMethod("run", "", [], isHidden, isCallback).IsVisible);
}
