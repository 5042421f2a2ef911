using Luminarys.Nodes;

namespace Luminarys.Core.Tests.Nodes;

public sealed class NodeTests
{
    [Theory]
    [InlineData(NodeState.Joining, false)]
    [InlineData(NodeState.Alive, true)]
    [InlineData(NodeState.Suspect, true)]
    [InlineData(NodeState.Draining, false)]
    [InlineData(NodeState.Gone, false)]
    public void IsServing_EachState_IsAsTheStateSays(NodeState state, bool serving) =>
        Assert.Equal(serving, new Node(new NodeId("n"), NodeRole.Slave, state, 1, new InstanceId(1)).IsServing);

    [Fact]
    public void IsServing_ListOfStates_IsComplete() => Assert.Equal(5, Enum.GetValues<NodeState>().Length);
}
