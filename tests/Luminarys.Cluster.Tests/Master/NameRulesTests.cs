using System.Collections.Immutable;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Events;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests.Master;

public sealed class NameRulesTests
{
    private static readonly NodeId s_node = new("slave-1");

    [Theory]
    [InlineData("web", true)]
    [InlineData("web-search", true)]
    [InlineData("git", false)]
    public void Accept_ListedNode_MayOfferWhatAPatternNames(string skill, bool isAccepted)
    {
        var rules = Rules(["web", "web-*"]);

        Assert.Equal(isAccepted ? null : SkillRefusal.NotAccepted, rules.FindRefusal(s_node, Samples.Skill(skill)));
        Assert.Null(rules.FindRefusal(new("slave-2"), Samples.Skill(skill)));
    }

    [Theory]
    [InlineData()]
    [InlineData("[")]
    public void Accept_NothingThatIsAPattern_AcceptsNothing(params string[] patterns) =>
        Assert.Equal(SkillRefusal.NotAccepted, Rules(patterns).FindRefusal(s_node, Samples.Skill("web")));

    [Fact]
    public void KnownKeys_UntilTheyAreRead_NobodyIsTrusted()
    {
        var rules = new NameRules(default, ImmutableDictionary<NodeId, ImmutableArray<string>>.Empty, needsSigner: true);
        Assert.Equal(SkillRefusal.UnknownSigner, rules.FindRefusal(s_node, Signed("web")));

        rules.Trust((signer, package) => signer == Samples.Signer && package.Value == "com.example.web");

        Assert.Null(rules.FindRefusal(s_node, Signed("web")));
        Assert.Equal(SkillRefusal.UnknownSigner, rules.FindRefusal(s_node, Signed("other")));
        Assert.Equal(SkillRefusal.UnknownSigner, rules.FindRefusal(s_node, Samples.Skill("web")));
    }

    [Fact]
    public void Trust_NobodyAsksForKnownKeys_ChangesNothing()
    {
        var rules = Rules(["*"]);
        rules.Trust((_, _) => false);

        Assert.Null(rules.FindRefusal(s_node, Samples.Skill("web")));
    }

    [Fact]
    public void Defences_Off_EverythingIsLetThrough()
    {
        var accept = new Dictionary<NodeId, ImmutableArray<string>> { [s_node] = [] };

        Assert.Equal(
            SkillRefusal.UnknownSigner, new NameRules(default, accept, needsSigner: true, new() { AcceptLists = false }).FindRefusal(s_node, Samples.Skill("web")));
        Assert.Equal(
            SkillRefusal.NotAccepted, new NameRules(default, accept, needsSigner: true, new() { KnownSigners = false }).FindRefusal(s_node, Samples.Skill("web")));
        Assert.Null(new NameRules(default, accept, needsSigner: true, new() { AcceptLists = false, KnownSigners = false }).FindRefusal(s_node, Samples.Skill("web")));
    }

    private static Luminarys.Skills.Skill Signed(string id) => Samples.Skill(id) with { Signer = Samples.Signer };

    private static NameRules Rules(string[] patterns) =>
        new(default, new Dictionary<NodeId, ImmutableArray<string>> { [s_node] = [.. patterns] }, needsSigner: false);
}
