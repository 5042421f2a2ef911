using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Luminarys.E2E;

/// <summary>The sample skill copies files between real nodes, through a real relay.</summary>
[Trait("Kind", "Integration")]
public sealed class TransferTests
{
    private const int Length = 3_000_001;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Skill_OnEveryNode_PushesPullsAndLists(bool hasRelayOfItsOwn)
    {
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        if (hasRelayOfItsOwn)
        {
            nodes.More = $"relay_url: 127.0.0.1:{nodes.RelayPort}\n  relay: {{ secret: {TransferNodes.Secret} }}";
            cluster.StartTool("relay", "-config", nodes.Configure("master"));
        }

        await using var client = await nodes.StartAsync();
        var content = nodes.Fill("slave-1", "a.bin", Length);

        // Push from one slave to the other, then to the master; pull from both sides; across a directory that is made on the way.
        await CopyAsync(client, "slave-1", nodes.PathOf("slave-1", "a.bin"), nodes.Remote("slave-2", "in/a.bin"));
        await CopyAsync(client, "slave-1", nodes.PathOf("slave-1", "a.bin"), nodes.Remote("master", "a.bin"));
        await CopyAsync(client, "slave-2", nodes.Remote("slave-1", "a.bin"), nodes.PathOf("slave-2", "pulled.bin"));
        await CopyAsync(client, "master", nodes.Remote("slave-1", "a.bin"), nodes.PathOf("master", "pulled.bin"));
        await CopyAsync(client, "slave-2", nodes.Remote("master", "a.bin"), nodes.PathOf("slave-2", "from-master.bin"));

        Assert.All(
            [nodes.PathOf("slave-2", "in/a.bin"), nodes.PathOf("master", "a.bin"), nodes.PathOf("slave-2", "pulled.bin"), nodes.PathOf("master", "pulled.bin"), nodes.PathOf("slave-2", "from-master.bin")],
            file => Assert.Equal(content, File.ReadAllBytes(file)));
        var list = await TestCluster.CallAsync(client, $"{TransferNodes.SkillOf("slave-2")}__list", new() { ["path"] = nodes.DataOf("slave-2") });
        Assert.Equal($"{Length}\tfrom-master.bin\n0\tin/\n{Length}\tpulled.bin", list);
        Assert.Empty(Directory.EnumerateFiles(cluster.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Skill_OfAClientThatAsksForProgress_TellsItsBytesWhereverItRuns()
    {
        const long Large = 100L * 1024 * 1024;
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        await using var client = await nodes.StartAsync();
        using (var file = File.Create(nodes.PathOf("slave-1", "large")))
        {
            file.SetLength(Large);
        }

        var notes = new System.Collections.Concurrent.ConcurrentQueue<ProgressNotificationValue>();
        var result = await client.CallToolAsync(
            $"{TransferNodes.SkillOf("slave-2")}__copy",
            new Dictionary<string, object?> { ["source"] = nodes.Remote("slave-1", "large"), ["dest"] = nodes.PathOf("slave-2", "large") },
            new Notes(notes),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.False(result.IsError ?? false);
        Assert.NotEmpty(notes);
        Assert.All(notes, note => Assert.Equal(Large, note.Total));
        Assert.All(notes, note => Assert.InRange(note.Progress, 0, Large));
        Assert.Contains($"{nodes.Remote("slave-1", "large")} to {nodes.Remote("slave-2", "large")}: ", notes.First().Message, StringComparison.Ordinal);
        Assert.Equal(notes.Select(note => note.Progress).Order(), notes.Select(note => note.Progress));
    }

    [Fact]
    public async Task Skill_WhatOneSideForbids_IsRefusedAndTheAnswerNamesThatSide()
    {
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        nodes.Shared["slave-2"] = "master";
        nodes.Granted["slave-1"] = "slave-2";
        await using var client = await nodes.StartAsync();
        nodes.Fill("slave-1", "a.bin", 10);
        nodes.Fill("slave-2", "b.bin", 10);
        nodes.Fill("master", "c.bin", 10);

        // The other node's configuration shares with the master only.
        Assert.Contains("node 'slave-2' does not share files with 'slave-1': its cluster.file_transfer.allowed_nodes says so",
            await RefusedAsync(client, "slave-1", nodes.PathOf("slave-1", "a.bin"), nodes.Remote("slave-2", "a.bin")), StringComparison.Ordinal);
        Assert.Contains("node 'slave-2' does not share files with 'slave-1': its cluster.file_transfer.allowed_nodes says so",
            await RefusedAsync(client, "slave-1", nodes.Remote("slave-2", "b.bin"), nodes.PathOf("slave-1", "b.bin")), StringComparison.Ordinal);

        // A directory that the other node does not share.
        Assert.Contains("node 'slave-2' does not take '/etc/motd'",
            await RefusedAsync(client, "master", nodes.PathOf("master", "c.bin"), "slave-2:///etc/motd"), StringComparison.Ordinal);
        Assert.Contains("node 'slave-2' does not give '/etc/passwd' away",
            await RefusedAsync(client, "master", "slave-2:///etc/passwd", nodes.PathOf("master", "passwd")), StringComparison.Ordinal);

        // The skill's own manifest: nothing leaves the node, and the answer says no more than that.
        Assert.Contains("permission denied",
            await RefusedAsync(client, "slave-1", nodes.PathOf("slave-1", "a.bin"), nodes.Remote("master", "a.bin")), StringComparison.Ordinal);
        Assert.Contains("permission denied",
            await RefusedAsync(client, "master", "/etc/passwd", nodes.Remote("slave-2", "passwd")), StringComparison.Ordinal);

        // Nobody there.
        Assert.Contains("no live node 'slave-9'",
            await RefusedAsync(client, "master", nodes.PathOf("master", "c.bin"), "slave-9:///data/c.bin"), StringComparison.Ordinal);
        Assert.Equal(["b.bin"], Directory.EnumerateFiles(nodes.DataOf("slave-2"), "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    private sealed class Notes(System.Collections.Concurrent.ConcurrentQueue<ProgressNotificationValue> notes) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => notes.Enqueue(value);
    }

    private static async Task CopyAsync(McpClient client, string node, string source, string dest) =>
        await TestCluster.CallAsync(client, $"{TransferNodes.SkillOf(node)}__copy", new() { ["source"] = source, ["dest"] = dest });

    private static async Task<string> RefusedAsync(McpClient client, string node, string source, string dest)
    {
        var result = await client.CallToolAsync($"{TransferNodes.SkillOf(node)}__copy", new Dictionary<string, object?> { ["source"] = source, ["dest"] = dest });
        Assert.True(result.IsError);
        return string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
    }
}
