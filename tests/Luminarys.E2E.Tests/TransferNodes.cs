using ModelContextProtocol.Client;

namespace Luminarys.E2E;

/// <summary>A master and two slaves, each with a directory of its own, which the sample skill for files may use and other nodes may reach.</summary>
/// <param name="cluster">Where they run; not owned.</param>
internal sealed class TransferNodes(TestCluster cluster)
{
    public const string Secret = "a secret that relay and master share";
    private static readonly string[] s_nodes = ["master", "slave-1", "slave-2"];

    public int RelayPort { get; } = TestCluster.FreePort();

    /// <summary>Which nodes a node shares its directory with, where that is not every node.</summary>
    public Dictionary<string, string> Shared { get; } = [];

    /// <summary>Which nodes the skill of a node may exchange files with, where that is not every node.</summary>
    public Dictionary<string, string> Granted { get; } = [];

    /// <summary>Whether files are encrypted from end to end.</summary>
    public string Encryption { get; set; } = "required";

    /// <summary>Lines of every configuration's <c>cluster</c> section.</summary>
    public string More { get; set; } = "";

    public static string SkillOf(string node) => $"files-{node}";

    public string DataOf(string node) => Path.Combine(cluster.Folder, "data-" + node);

    public string PathOf(string node, string name) => Path.Combine(DataOf(node), name);

    /// <summary>A path as other nodes say it.</summary>
    public string Remote(string node, string name) => $"{node}://{PathOf(node, name)}";

    /// <summary>Writes the files of every node; <paramref name="more"/> ends the <c>cluster</c> section of one.</summary>
    public string Configure(string node, string more = "")
    {
        Directory.CreateDirectory(DataOf(node));
        cluster.Write($"{SkillOf(node)}.skill.yaml", $"""
            id: {SkillOf(node)}
            path: {Path.Combine(Checkout.Root, "samples", "skills", "file-transfer", "file-transfer.wasm")}
            permissions:
              fs: {"{"} enabled: true, dirs: ["{DataOf(node)}:rw"] {"}"}
              file_transfer: {"{"} enabled: true, allowed_nodes: [{Granted.GetValueOrDefault(node, "\"*\"")}], local_dirs: ["{DataOf(node)}:rw"] {"}"}
            """);
        var file = cluster.WriteConfiguration(node, []);
        var skill = $"skills: [\"{Path.Combine(cluster.Folder, $"{SkillOf(node)}.skill.yaml")}\"]";
        File.WriteAllText(file, $"""
            {File.ReadAllText(file).Replace("skills: []", skill, StringComparison.Ordinal)}
              relay_port: {RelayPort}
              file_transfer: {"{"} allowed_nodes: [{Shared.GetValueOrDefault(node, "\"*\"")}], local_dirs: ["{DataOf(node)}:rw"], e2e: {Encryption} {"}"}
              {More}
              {more}

            """);
        return file;
    }

    /// <summary>Runs <c>luminarys</c> to its end.</summary>
    public async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var tool = cluster.StartTool(arguments);
        return (await tool.WaitForExitAsync(2 * TestCluster.Patience), tool.Output);
    }

    /// <summary>Starts all three and waits until their skills are there.</summary>
    public async Task<McpClient> StartAsync()
    {
        foreach (var node in s_nodes)
        {
            cluster.StartConfigured(Configure(node));
        }

        var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, 2 * TestCluster.Patience, [.. s_nodes.Select(SkillOf)]);
        return client;
    }

    /// <summary>Writes a file whose bytes nothing compresses and nobody guesses.</summary>
    public byte[] Fill(string node, string name, int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        File.WriteAllBytes(PathOf(node, name), content);
        return content;
    }
}
