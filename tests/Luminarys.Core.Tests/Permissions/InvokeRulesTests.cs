using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Permissions;

public sealed class InvokeRulesTests
{
    [Theory]
    [InlineData("fs-skill", "fs-skill", true)]
    [InlineData("fs-skill", "fs-skill-2", false)]
    [InlineData("fs-*", "fs-skill", true)]
    [InlineData("*", "fs-skill", true)]
    [InlineData("{fs,go}-skill", "go-skill", true)]
    [InlineData("FS-skill", "fs-skill", false)]
    public void S11_Policy_NamesSkillsOrPatterns(string entry, string skill, bool expected)
    {
        var caller = new InvokeRules(new([entry], [])).CanInvoke(new SkillId(skill));
        var callee = new InvokeRules(new([], [entry])).CanBeInvokedBy(new SkillId(skill));

        Assert.Equal((expected, expected), (caller.IsAllowed, callee.IsAllowed));
        Assert.Equal(expected ? $"invoke_policy.can_invoke: {entry}" : "nothing in invoke_policy.can_invoke matches", caller.Rule);
        Assert.Equal(expected ? "" : $"invoke_policy.can_be_invoked_by: [\"{skill}\"]", callee.Remedy);
    }

    [Fact]
    public void S11_EmptyPolicy_LetsNobody()
    {
        var rules = new InvokeRules(InvokePolicy.None);

        Assert.False(rules.CanInvoke(new SkillId("a")).IsAllowed);
        Assert.False(rules.CanBeInvokedBy(new SkillId("a")).IsAllowed);
    }
}
