using Luminarys.Cluster.Master.SkillCalls;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests.Master.SkillCalls;

public sealed class SkillCallAdmissionTests
{
    private static readonly Sender s_node = Samples.Sender("a", 1, incarnation: 5);
    private SkillCallAdmission _admission = new(new(TimeProvider.System), ClusterDefences.All);
    private RegistryCopy _registry = Registry(("a", 1, 5));

    [Fact]
    public void Call_OfARegisteredSkill_Begins()
    {
        var id = New();

        var verdict = Enter(1, id);

        Assert.Null(verdict.DropReason);
        Assert.Equal(InvocationError.None, verdict.Error);
        Assert.Equal(new ChainLink(id, 1), verdict.Link);
    }

    [Fact]
    public void CallerThatTheNodeDoesNotHave_Denied_UnlessTheDefenceIsOff()
    {
        Assert.Equal(InvocationError.Denied, Enter(1, caller: "other").Error);

        _admission = new(new(TimeProvider.System), ClusterDefences.All with { CallerOwnership = false });
        Assert.Equal(InvocationError.None, Enter(1, caller: "other").Error);
    }

    [Theory]
    [InlineData(CallerKind.Edge)]
    [InlineData(CallerKind.Self)]
    public void CallThatIsNotOfASkill_Denied(CallerKind kind) =>
        Assert.Equal(InvocationError.Denied, _admission.Enter(s_node, _registry, New(), Message(1) with { Caller = new(kind, new("owned")) }, 1).Error);

    [Fact]
    public void C2_SameMessageTwice_IsDropped_UnlessTheDefenceIsOff()
    {
        Assert.True(RunsTwice(ClusterDefences.All with { SkillCallNumbers = false }));
        Assert.False(RunsTwice(ClusterDefences.All));

        bool RunsTwice(ClusterDefences defences)
        {
            _admission = new(new(TimeProvider.System), defences);
            var id = New();
            Assert.Null(Enter(1, id).DropReason);
            _admission.End(s_node.Node, id, id);

            // The node has its answer and says so: the master needs the id no more.
            Assert.Null(Enter(2, done: 1).DropReason);
            return Enter(1, id) is { DropReason: null, Error: InvocationError.None };
        }
    }

    [Fact]
    public void C2_NumberThatWasRefused_NeverBegins()
    {
        Assert.Equal(InvocationError.Denied, Enter(1, caller: "other").Error);

        Assert.Equal("repeated", Enter(1).DropReason);
    }

    [Fact]
    public void C2_CancelledBeforeItCame_NeverBegins()
    {
        Assert.True(_admission.TryBury(s_node, _registry, 7));

        Assert.Equal("repeated", Enter(7).DropReason);
    }

    [Fact]
    public void C2_SameIdUnderAnotherNumber_Conflict_WhileItRunsAndAfter()
    {
        var id = New();
        Enter(1, id);
        Assert.Equal(InvocationError.Conflict, Enter(2, id).Error);
        _admission.End(s_node.Node, id, id);

        Assert.Equal(InvocationError.Conflict, Enter(3, id).Error);
    }

    [Theory]
    [InlineData("b", 1, 5)]
    [InlineData("a", 2, 5)]
    [InlineData("a", 1, 4)]
    public void Stranger_IsDropped(string node, int instance, ulong incarnation)
    {
        var stranger = Samples.Sender(node, instance, incarnation);

        Assert.Equal("stranger", _admission.Enter(stranger, _registry, New(), Message(1), 1).DropReason);
        Assert.False(_admission.TryBury(stranger, _registry, 1));
    }

    [Fact]
    public void OtherTerm_IsRefused_AndTheNumberIsSpent()
    {
        Assert.Equal(InvocationError.StaleEpoch, _admission.Enter(s_node, _registry, New(), Message(1), 2).Error);

        Assert.Equal("repeated", Enter(1).DropReason);
    }

    [Fact]
    public void Closed_RefusesWithItsReason()
    {
        _admission.Close(InvocationError.Draining);

        Assert.Equal(InvocationError.Draining, Enter(1).Error);
    }

    [Fact]
    public void TooManyRunning_Busy_UntilOneEnds()
    {
        var ids = Enumerable.Range(1, CallerLedger.MaxRunning).Select(number => (Id: New(), Number: (ulong)number)).ToList();
        Assert.All(ids, call => Assert.Equal(InvocationError.None, Enter(call.Number, call.Id).Error));

        Assert.Equal(InvocationError.Busy, Enter(1000).Error);
        _admission.End(s_node.Node, ids[0].Id, ids[0].Id);
        Assert.Equal(InvocationError.None, Enter(1001).Error);
    }

    [Fact]
    public void ProcessThatIsGone_IsForgotten_AndWhatItSentBeforeIsDropped()
    {
        Enter(1);
        _admission.Forget(Registry());
        Assert.Equal(0, _admission.Callers);

        // It comes back: the same process under a higher incarnation.
        _registry = Registry(("a", 1, 6));

        Assert.Equal("stranger", Enter(1).DropReason);
        Assert.Equal(InvocationError.None, _admission.Enter(s_node with { Incarnation = 6 }, _registry, New(), Message(1), 1).Error);
    }

    [Fact]
    public void OlderIncarnation_AfterANewerOneWasServed_IsDropped()
    {
        Assert.Equal(InvocationError.None, _admission.Enter(s_node with { Incarnation = 6 }, _registry, New(), Message(1), 1).Error);

        Assert.Equal("stranger", Enter(2).DropReason);
    }

    [Fact]
    public void NodeThatLeavesOutNumbers_CostsBoundedMemory_AndLosesTheOldestOfThem()
    {
        for (var number = 2UL; number < 10_000; number += 2)
        {
            var id = New();
            Enter(number, id, done: 0);
            _admission.End(s_node.Node, id, id);
        }

        Assert.Equal("repeated", Enter(1001).DropReason);
        Assert.NotEqual("repeated", Enter(9_999).DropReason);
    }

    private static CallId New() => CallId.New(TimeProvider.System);

    private static CallMessage Message(ulong number) => new()
    {
        Number = number, Skill = new("far"), Method = "echo", Caller = new(CallerKind.Skill, new("owned")), Depth = 1,
    };

    private static RegistryCopy Registry(params (string Node, int Instance, ulong Incarnation)[] nodes) => RegistryCopy.Of(
        new(1, 1),
        nodes.Select(node => new NodeCopy(
            new(node.Node), NodeRole.Slave, false, node.Incarnation, Samples.Instance(node.Instance), default, [new(new("owned"), Samples.One, false)])));

    private SkillCallVerdict Enter(ulong number, CallId? id = null, string caller = "owned", ulong done = 0) => _admission.Enter(
        s_node, _registry, id ?? New(), Message(number) with { Caller = new(CallerKind.Skill, new(caller)), Done = done }, 1);
}
