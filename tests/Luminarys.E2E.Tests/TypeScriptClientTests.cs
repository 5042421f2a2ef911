namespace Luminarys.E2E;

/// <summary>A client that is not written in .NET: the TypeScript SDK of the protocol, as Claude Desktop and the Inspector use it.</summary>
[Trait("Kind", "Integration")]
public sealed class TypeScriptClientTests
{
    [Fact]
    public async Task TypeScriptSdk_ListsAndCallsLocalAndRemote()
    {
        var modules = FindNodeModules();
        await using var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo-here");
        cluster.StartNode("slave-1", "echo-there");
        await using (var client = await cluster.ConnectAsync())
        {
            await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here", "echo-there");
        }

        var lines = await RunAsync(modules, cluster.Folder, cluster.Endpoint.ToString(), "echo-here__echo", "echo-there__echo");
        Assert.Contains("tool echo-here__echo", lines);
        Assert.Contains("tool echo-there__echo", lines);
        Assert.Contains("echo-here__echo -> from typescript", lines);
        Assert.Contains("echo-there__echo -> from typescript", lines);
        Assert.Contains("unknown tool -> -32602", lines);
    }

    [Fact]
    public async Task TypeScriptSdk_OverStandardInputAndOutput_ListsAndCalls()
    {
        var modules = FindNodeModules();
        await using var cluster = TestCluster.Start();
        var configuration = cluster.Write("stdio.yaml", $"skills: [\"{cluster.WriteManifest("echo-here")}\"]\n");

        var lines = await RunAsync(
            modules, cluster.Folder, "echo-here__echo", "--", "dotnet", Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "-stdio", "-config", configuration);

        Assert.Contains("tool echo-here__echo", lines);
        Assert.Contains("echo-here__echo -> from typescript", lines);
        Assert.Contains("unknown tool -> -32602", lines);
    }

    private static async Task<string[]> RunAsync(string modules, string folder, params string[] arguments)
    {
        // An ES module finds packages beside itself only, so the script is run from the folder that holds them.
        var script = Path.Combine(modules, "luminarys-e2e-client.mjs");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "typescript-client.mjs"), script, overwrite: true);
        await using var node = ChildProcess.Start("node", [script, .. arguments], folder);

        Assert.True(await node.WaitForExitAsync(TestCluster.Patience) == 0, node.Output);
        return node.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static string FindNodeModules()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var npm = Path.Combine(folder.FullName, "artifacts", "npm");
            if (Directory.Exists(Path.Combine(npm, "node_modules", "@modelcontextprotocol", "sdk")))
            {
                return npm;
            }
        }

        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true",
            "the TypeScript SDK is not installed: ./test does it, or npm install --prefix artifacts/npm @modelcontextprotocol/sdk");
        throw new DirectoryNotFoundException("artifacts/npm/node_modules/@modelcontextprotocol/sdk");
    }
}
