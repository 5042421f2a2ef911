using Luminarys.Ports;

namespace Luminarys.Core.Tests.Ports;

public sealed class SkillLoadResultTests
{
    [Fact]
    public void Loaded_Skill_HasNoError()
    {
        var skill = TestSkills.Skill("echo");
        var result = SkillLoadResult.Loaded(skill, ["bare module"]);
        Assert.Same(skill, result.Skill);
        Assert.Null(result.Error);
        Assert.Equal(["bare module"], result.Warnings);
    }

    [Fact]
    public void Failed_Error_HasNoSkill()
    {
        var result = SkillLoadResult.Failed("no such file");
        Assert.Null(result.Skill);
        Assert.Equal("no such file", result.Error);
        Assert.Empty(result.Warnings);
    }
}
