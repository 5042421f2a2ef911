using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;
using NSubstitute;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Cluster;

public sealed class ClusterFunctionsTests
{
    private static readonly FileTransferPermission s_granted = new(["s1"], [new("/data", AccessMode.ReadOnly), new("/data/in", AccessMode.ReadWrite)]);

    [Fact]
    public async Task ListNodes_Alone_SaysSo()
    {
        await using var stage = new FunctionStage();

        Assert.Equal("cluster mode is not enabled", stage.Call("cluster_node_list", [0x80]).Error);
    }

    [Theory]
    [InlineData("file_transfer_send", "s1", "/data/a", "no relay")]
    [InlineData("file_transfer_recv", "s1", "/data/in/a", "no relay")]
    [InlineData("file_transfer_recv", "s1", "/data/a", "permission denied")]
    [InlineData("file_transfer_send", "s1", "/etc/passwd", "permission denied")]
    [InlineData("file_transfer_send", "s1", "/data/../etc/passwd", "invalid argument")]
    [InlineData("file_transfer_send", "s2", "/data/a", "permission denied")]
    [InlineData("file_transfer_send", "s 1", "/data/a", "invalid argument: target_node")]
    [InlineData("file_transfer_recv", "", "/data/in/a", "invalid argument: source_node")]
    public async Task Transfer_IsJudgedBeforeTheHostHearsOfIt(string function, string node, string path, string error)
    {
        var host = Substitute.For<ISkillHost>();
        host.FindCluster().Returns(new ClusterView(new NodeId("m"), []));
        host.TransferAsync(Arg.Any<SkillTransfer>(), Arg.Any<CancellationToken>())
            .Returns(new HostFault(InvocationError.NotServing, "no relay: files cannot be copied between nodes yet"));
        await using var stage = new FunctionStage(host, transfer: s_granted);
        var request = RuntimeHarness.Arguments(
            (function == "file_transfer_send" ? "target_node" : "source_node", node), ("local_path", path), ("remote_path", "/r"));

        Assert.StartsWith(error, stage.Call(function, request).Error, StringComparison.Ordinal);
        Assert.Equal(error == "no relay" ? 1 : 0, host.ReceivedCalls().Count(call => call.GetMethodInfo().Name == nameof(ISkillHost.TransferAsync)));
    }

    [Fact]
    public async Task Transfer_NotGranted_IsDenied()
    {
        await using var stage = new FunctionStage();
        var request = RuntimeHarness.Arguments(("target_node", "s1"), ("local_path", "/data/a"), ("remote_path", "/r"));

        Assert.Equal("permission denied", stage.Call("file_transfer_send", request).Error);
        Assert.Contains("permissions.file_transfer", Assert.Single(stage.Log.Of(3030)), StringComparison.Ordinal);
    }
}
