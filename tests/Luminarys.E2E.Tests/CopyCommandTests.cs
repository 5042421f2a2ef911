using System.Text.RegularExpressions;

namespace Luminarys.E2E;

/// <summary><c>luminarys cp</c> and <c>luminarys transfers</c> beside real nodes.</summary>
[Trait("Kind", "Integration")]
public sealed partial class CopyCommandTests
{
    private const int Length = 3_000_001;

    [Fact]
    public async Task Cp_BetweenAnyTwoNodes_CopiesAndShowsInTheList()
    {
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        nodes.Shared["slave-2"] = "slave-1";
        await using var client = await nodes.StartAsync();
        var content = nodes.Fill("slave-1", "a.bin", Length);
        nodes.Fill("master", "m.bin", 10);
        var config = cluster.WriteConfiguration("elsewhere", []);

        var (code, output) = await nodes.RunAsync("cp", nodes.Remote("slave-1", "a.bin"), nodes.Remote("slave-2", "in/"), "-config", config);

        Assert.True(code == 0, output + cluster.Logs);
        Assert.Equal(content, File.ReadAllBytes(nodes.PathOf("slave-2", "in/a.bin")));
        Assert.Contains($"copied {nodes.Remote("slave-1", "a.bin")} to {nodes.Remote("slave-2", "in/a.bin")}: 2.8 MiB in ", output, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), output, StringComparison.Ordinal);
        await SucceedsAsync(nodes, config, nodes.Remote("slave-1", "a.bin"), nodes.Remote("master", "a.bin"));
        await SucceedsAsync(nodes, config, nodes.Remote("master", "m.bin"), nodes.Remote("slave-1", "m.bin"));
        await SucceedsAsync(nodes, config, nodes.Remote("slave-1", "a.bin"), nodes.Remote("slave-1", "b.bin"));
        Assert.Equal(content, File.ReadAllBytes(nodes.PathOf("slave-1", "b.bin")));

        // Either side's refusal names that side, and has an exit code of its own.
        await FailsAsync(nodes, config, 3, "node 'slave-2' does not share files with 'master'", nodes.Remote("master", "m.bin"), nodes.Remote("slave-2", "m.bin"));
        await FailsAsync(nodes, config, 3, "node 'slave-2' does not share files with 'master'", nodes.Remote("slave-2", "in/a.bin"), nodes.Remote("master", "x"));
        await FailsAsync(nodes, config, 3, "node 'slave-1' does not give '/etc/passwd' away", "slave-1:///etc/passwd", nodes.Remote("master", "x"));
        await FailsAsync(nodes, config, 3, "Exists", nodes.Remote("slave-1", "a.bin"), nodes.Remote("master", "a.bin"), "-no-overwrite");
        await FailsAsync(nodes, config, 3, "no live node 'slave-9'", nodes.Remote("slave-1", "a.bin"), "slave-9:///data/a");
        await FailsAsync(nodes, config, 1, "'/data/a' is not a file of a node", "/data/a", nodes.Remote("master", "x"));
        Assert.False(File.Exists(nodes.PathOf("master", "x")));

        if (ChildProcess.Find("script") is { } script)
        {
            var command = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "luminarys.dll")}' cp {nodes.Remote("slave-1", "a.bin")} {nodes.Remote("master", "b.bin")} -config '{config}'";
            await using var terminal = ChildProcess.Start(script, ["-qec", command, "/dev/null"], cluster.Folder);
            Assert.True(await terminal.WaitForExitAsync(TestCluster.Patience) == 0, terminal.Output);
            Assert.Contains("[########################] 100 %, 2.8 MiB of 2.8 MiB", terminal.Output, StringComparison.Ordinal);
        }

        (code, output) = await nodes.RunAsync("transfers", "-config", config);
        Assert.Equal(0, code);
        Assert.Contains($"done, 2.8 MiB  {nodes.Remote("slave-1", "a.bin")} -> {nodes.Remote("slave-2", "in/a.bin")}  for op-", output, StringComparison.Ordinal);
        Assert.Contains("failed, Denied", output, StringComparison.Ordinal);
        (code, output) = await nodes.RunAsync("transfers", "cancel", "0123456789", "-config", config);
        Assert.Equal(3, code);
        Assert.Contains("the master knows no transfer '0123456789'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cp_GivenUpHalfWayTwice_KeepsWhatCameAndTheSameCommandTakesItUp()
    {
        const long Large = 512L * 1024 * 1024;
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        nodes.More = $"relay_url: 127.0.0.1:{nodes.RelayPort}\n  relay: {{ secret: {TransferNodes.Secret} }}";
        var config = nodes.Configure("master");
        var relay = cluster.StartTool("relay", "-config", config);
        cluster.StartConfigured(config);
        cluster.StartConfigured(nodes.Configure("slave-1"));
        await using var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, 2 * TestCluster.Patience, TransferNodes.SkillOf("master"), TransferNodes.SkillOf("slave-1"));
        using (var file = File.Create(nodes.PathOf("slave-1", "large")))
        {
            file.SetLength(Large);
            file.Write(new byte[] { 1, 2, 3 });
        }

        string[] arguments = ["cp", nodes.Remote("slave-1", "large"), nodes.Remote("master", "large"), "-config", config];
        var copy = await StartHalfWayAsync();
        copy.Interrupt();
        await GivenUpAsync(copy);
        copy = await StartHalfWayAsync();

        // The rest must not be over before two commands have started.
        relay.Pause();
        var (_, list) = await nodes.RunAsync("transfers", "-config", config);
        var (cancelled, said) = await nodes.RunAsync("transfers", "cancel", list[..8], "-config", config);
        relay.Resume();
        Assert.True(cancelled == 0, list + said);
        await GivenUpAsync(copy);

        var (code, output) = await nodes.RunAsync(arguments);
        Assert.True(code == 0, output);
        Assert.True(File.ReadAllBytes(nodes.PathOf("slave-1", "large")).AsSpan().SequenceEqual(File.ReadAllBytes(nodes.PathOf("master", "large"))));

        async Task<ChildProcess> StartHalfWayAsync()
        {
            var started = cluster.StartTool(arguments);
            var notes = new HashSet<DateTime>();
            await Eventually.HoldsAsync("some of it is stored", TestCluster.Patience, () => Task.FromResult(IsStored(nodes.DataOf("master"), notes) || started.HasExited), () => started.Output);
            return started;
        }

        async Task GivenUpAsync(ChildProcess given)
        {
            Assert.True(await given.WaitForExitAsync(TestCluster.Patience) == 130, given.Output + cluster.Logs);
            Assert.False(File.Exists(nodes.PathOf("master", "large")));
            var kept = Kept().Match(given.Output);
            Assert.True(kept.Success && double.Parse(kept.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) > 0, given.Output);
        }
    }

    [Fact]
    public async Task Cp_WithKeys_IsTakenFromTheOperatorWhomTheMasterTrusts()
    {
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        string[] names = ["master", "slave-1", "op-anna"];
        var keys = new Dictionary<string, string>();
        foreach (var name in names)
        {
            keys[name] = await PinnedKeysTests.MakeKeyAsync(cluster, name);
        }

        string Pinned(string name, params string[] trusted) =>
            $"node_key_file: {PinnedKeysTests.KeyFile(cluster, name)}\n  trusted_nodes: {{ {string.Join(", ", trusted.Select(other => $"{other}: {keys[other]}"))} }}";
        cluster.StartConfigured(nodes.Configure("master", Pinned("master", "slave-1", "op-anna")));
        cluster.StartConfigured(nodes.Configure("slave-1", Pinned("slave-1", "master")));
        await using var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, 2 * TestCluster.Patience, TransferNodes.SkillOf("master"), TransferNodes.SkillOf("slave-1"));
        var content = nodes.Fill("slave-1", "a.bin", Length);

        await SucceedsAsync(nodes, nodes.Configure("op-anna", Pinned("op-anna", "master")), nodes.Remote("slave-1", "a.bin"), nodes.Remote("master", "a.bin"));
        Assert.Equal(content, File.ReadAllBytes(nodes.PathOf("master", "a.bin")));

        // A node's own configuration makes no operator here.
        var (code, output) = await nodes.RunAsync("transfers", "-config", Path.Combine(cluster.Folder, "slave-1.yaml"));
        Assert.True(code == 1 && output.Contains("an operator has a name of its own", StringComparison.Ordinal), output);
    }

    private static async Task SucceedsAsync(TransferNodes nodes, string config, string source, string destination)
    {
        var (code, output) = await nodes.RunAsync("cp", source, destination, "-config", config);
        Assert.True(code == 0, output);
    }

    private static async Task FailsAsync(TransferNodes nodes, string config, int expected, string text, string source, string destination, params string[] more)
    {
        var (code, output) = await nodes.RunAsync(["cp", source, destination, "-config", config, .. more]);
        Assert.True(code == expected && output.Contains(text, StringComparison.Ordinal), $"exit {code}: {output}");
    }

    // The receiver writes a note when it begins, and another one whenever more is safe.
    private static bool IsStored(string folder, HashSet<DateTime> notes)
    {
        var staging = Path.Combine(folder, ".lm-staging");
        if (Directory.Exists(staging))
        {
            notes.UnionWith(Directory.EnumerateFiles(staging, "*.note").Select(File.GetLastWriteTimeUtc));
        }

        return notes.Count > 2;
    }

    [GeneratedRegex(@"([\d.]+) MiB of 512 MiB are on the disk of master")]
    private static partial Regex Kept();
}
