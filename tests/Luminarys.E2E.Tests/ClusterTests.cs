namespace Luminarys.E2E;

[Trait("Kind", "Integration")]
public sealed class ClusterTests
{
    private static readonly Dictionary<string, object?> s_hello = new() { ["message"] = "hello" };

    [Fact]
    public async Task Cluster_MasterAndSlave_ListsAndAnswersBoth()
    {
        await using var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo-here");
        cluster.StartNode("slave-1", "echo-there");
        await using var client = await cluster.ConnectAsync();

        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here", "echo-there");

        Assert.Equal("hello", await TestCluster.CallAsync(client, "echo-here__echo", s_hello));
        Assert.Equal("hello", await TestCluster.CallAsync(client, "echo-there__echo", s_hello));
        Assert.Equal("olleh", await TestCluster.CallAsync(client, "echo-there__reverse", s_hello));
        Assert.Equal("3", await TestCluster.CallAsync(client, "echo-there__word_count", new() { ["text"] = "one two three" }));
        Assert.Equal("hello", await TestCluster.CallAsync(client, "echo-there__env_get", new() { ["key"] = "GREETING" }));
    }

    [Fact]
    public async Task R4_SlaveKilled_ToolsGoWithinTtlAndReturnAfterRestart()
    {
        await using var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo-here");
        var slave = cluster.StartNode("slave-1", "echo-there");
        await using var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here", "echo-there");

        await slave.KillAsync();
        var gone = await cluster.WaitForSkillsAsync(client, TestCluster.Ttl + TimeSpan.FromSeconds(2), "echo-here");
        TestContext.Current.SendDiagnosticMessage($"the tools of the killed slave were gone after {gone.TotalSeconds:F1} s");
        Assert.Equal("hello", await TestCluster.CallAsync(client, "echo-here__echo", s_hello));

        cluster.StartNode("slave-1", "echo-there");
        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here", "echo-there");
        Assert.Equal("hello", await TestCluster.CallAsync(client, "echo-there__echo", s_hello));
    }

    [Fact]
    public async Task R5_MasterKilledAndRestarted_ListIsCompleteWithinTwoHeartbeatsAndSlavesUntouched()
    {
        await using var cluster = TestCluster.Start();
        var master = cluster.StartNode("master", "echo-here");
        var slaves = new[] { cluster.StartNode("slave-1", "echo-one"), cluster.StartNode("slave-2", "echo-two") };
        await using (var before = await cluster.ConnectAsync())
        {
            await cluster.WaitForSkillsAsync(before, TestCluster.Patience, "echo-here", "echo-one", "echo-two");
        }

        await master.KillAsync();
        cluster.StartNode("master", "echo-here");
        await using var client = await cluster.ConnectAsync();

        var complete = await cluster.WaitForSkillsAsync(client, 2 * TestCluster.Heartbeat, "echo-here", "echo-one", "echo-two");
        TestContext.Current.SendDiagnosticMessage($"the list was complete {complete.TotalSeconds:F1} s after the master answered");
        Assert.Equal("hello", await TestCluster.CallAsync(client, "echo-two__echo", s_hello));
        Assert.All(slaves, slave => Assert.False(slave.HasExited));
    }

    [Fact]
    public async Task R8_SlaveTerminated_LeavesTheRegistryAtOnceAndExitsZero()
    {
        await using var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo-here");
        var slave = cluster.StartNode("slave-1", "echo-there");
        await using var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here", "echo-there");

        var leaving = slave.TerminateAsync(TestCluster.Patience);
        await cluster.WaitForSkillsAsync(client, TimeSpan.FromSeconds(3), "echo-here");

        Assert.Equal(0, await leaving);
    }

    [Fact]
    public async Task R6_SecondSlaveWithTheSameNodeId_ExitsWith78AndTheFirstServesOn()
    {
        await using var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo-here");
        cluster.StartNode("slave-1", "echo-there");
        await using var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here", "echo-there");

        var twin = cluster.StartNode("slave-1", "echo-there");

        Assert.Equal(78, await twin.WaitForExitAsync(TimeSpan.FromSeconds(90)));
        Assert.Contains("NODE_ID_IN_USE", twin.Output, StringComparison.Ordinal);
        Assert.Equal("hello", await TestCluster.CallAsync(client, "echo-there__echo", s_hello));
    }

    [Fact]
    public async Task C4_SlaveKilledDuringListing_CallFailsWithinTwoSeconds()
    {
        await using var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo-here");
        var slave = cluster.StartNode("slave-1", "echo-there");
        await using var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here", "echo-there");
        await slave.KillAsync();

        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var result = await client.CallToolAsync("echo-there__echo", s_hello, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(result.IsError);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3), "the call to a dead node took too long");
    }
}
