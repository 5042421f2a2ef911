namespace Luminarys.E2E;

/// <summary>Real processes with pinned keys on a real server.</summary>
[Trait("Kind", "Integration")]
public sealed class PinnedKeysTests
{
    [Fact]
    public async Task PinnedNodes_JoinAndAnswer_AndOneWithoutAKeyDoesNot()
    {
        await using var cluster = TestCluster.Start();
        var (master, slave) = (await MakeKeyAsync(cluster, "master"), await MakeKeyAsync(cluster, "slave-1"));
        StartPinned(cluster, "master", "echo-here", ("slave-1", slave));
        StartPinned(cluster, "slave-1", "echo-there", ("master", master));
        cluster.StartNode("slave-2", "echo-unsigned");
        await using var client = await cluster.ConnectAsync();

        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here", "echo-there");
        Assert.Equal("hello", await TestCluster.CallAsync(client, "echo-there__echo", new() { ["message"] = "hello" }));
        await Eventually.HoldsAsync(
            "the master says that it refused the node without a key", TestCluster.Patience, () => Task.FromResult(cluster.Logs.Contains("in the name of node slave-2 were refused: unsigned", StringComparison.Ordinal)), () => cluster.Logs);
        Assert.Equal(["echo-here", "echo-there"], await TestCluster.SkillsAsync(client));
    }

    internal static async Task<string> MakeKeyAsync(TestCluster cluster, string node)
    {
        await using var tool = ChildProcess.StartLuminarys(cluster.Folder, "node-key", KeyFile(cluster, node));
        Assert.Equal(0, await tool.WaitForExitAsync(TestCluster.Patience));
        return tool.Output.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.Length == 64);
    }

    private static void StartPinned(TestCluster cluster, string node, string skill, (string Node, string Fingerprint) trusted)
    {
        var file = cluster.WriteConfiguration(node, [skill]);
        File.AppendAllText(file, $"\n  node_key_file: {KeyFile(cluster, node)}\n  trusted_nodes: {{ {trusted.Node}: {trusted.Fingerprint} }}\n");
        cluster.StartConfigured(file);
    }

    internal static string KeyFile(TestCluster cluster, string node) => Path.Combine(cluster.Folder, node + ".pem");
}
