using Luminarys.Cluster.Master.SkillCalls;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Master.SkillCalls;

public sealed class CallChainsTests
{
    private static readonly NodeId s_a = new("a");
    private static readonly NodeId s_b = new("b");
    private readonly FakeTimeProvider _time = new();
    private readonly CallChains _chains;

    public CallChainsTests() => _chains = new(_time);

    [Fact]
    public void RootThatTheMasterDoesNotKnow_IsTheNodesOwn_AndItsCallsAreOneChain()
    {
        var (claimed, first) = (New(), New());

        Assert.Equal(new(first, 3), Take(s_a, first, claimed, 3));
        Assert.Equal(first, Take(s_a, New(), claimed, 1)!.Value.Root);
        Assert.NotEqual(first, Take(s_b, New(), claimed, 1)!.Value.Root);
    }

    [Fact]
    public void RootThatTheMasterSentToTheNode_IsKept_AndTheDepthIsAtLeastTheNext()
    {
        var root = New();
        _chains.Reach(s_a, new(root, 4));

        Assert.Equal(new(root, 5), Take(s_a, New(), root, 0));
        Assert.Equal(new(root, 9), Take(s_a, New(), root, 9));
    }

    [Fact]
    public void RootOfAChainThatNeverCameToTheNode_IsNotShared()
    {
        var root = New();
        _chains.Reach(s_a, new(root, 1));

        Assert.NotEqual(root, Take(s_b, New(), root, 2)!.Value.Root);
    }

    [Fact]
    public void ChainThatCameToANodeTwice_CountsFromTheShallowerTime()
    {
        var root = New();
        _chains.Reach(s_a, new(root, 7));
        _chains.Reach(s_a, new(root, 2));

        Assert.Equal(3, Take(s_a, New(), root, 1)!.Value.Depth);
    }

    [Fact]
    public void DeeperThanTheLimit_IsRefused()
    {
        Assert.NotNull(Take(s_a, New(), New(), CallChains.MaxDepth));
        Assert.Null(Take(s_a, New(), New(), CallChains.MaxDepth + 1));
    }

    [Fact]
    public void MoreCallsThanTheLimit_AreRefused_OverAllNodesOfTheChain()
    {
        var root = Take(s_a, New(), New(), 1)!.Value.Root;
        _chains.Reach(s_b, new(root, 1));
        for (var i = 1; i < CallChains.Limit; i++)
        {
            Assert.NotNull(Take(s_b, New(), root, 2));
        }

        Assert.Null(Take(s_b, New(), root, 2));
        Assert.NotNull(Take(s_b, New(), New(), 2));
    }

    [Fact]
    public void UnusedChains_AreForgottenAfterAMinute_AndNotBefore()
    {
        var (claimed, first) = (New(), New());
        Take(s_a, first, claimed, 1);
        for (var i = 0; i < 2000; i++)
        {
            Take(s_a, New(), New(), 1);
        }

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(first, Take(s_a, New(), claimed, 1)!.Value.Root);
        _time.Advance(TimeSpan.FromSeconds(66));
        for (var i = 0; i < 4000; i++)
        {
            Take(s_b, New(), New(), 1);
        }

        Assert.InRange(_chains.Count, 1, 4001);
        Assert.NotEqual(first, Take(s_a, New(), claimed, 1)!.Value.Root);
    }

    [Fact]
    public void ChainOfACallThatRan_IsRememberedFromItsEnd()
    {
        var (claimed, first) = (New(), New());
        Take(s_a, first, claimed, 1);
        _time.Advance(TimeSpan.FromMinutes(10));
        _chains.Leave(first);
        for (var i = 0; i < 3000; i++)
        {
            Take(s_b, New(), New(), 1);
        }

        Assert.Equal(first, Take(s_a, New(), claimed, 1)!.Value.Root);
    }

    private static CallId New() => CallId.New(TimeProvider.System);

    private ChainLink? Take(NodeId node, CallId id, CallId claimed, int depth) =>
        _chains.TryTake(node, id, new(claimed, depth), out var link) ? link : null;
}
