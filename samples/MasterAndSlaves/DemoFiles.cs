using System.Security.Cryptography;

namespace MasterAndSlaves;

/// <summary>The configuration files of the demo, in a folder of their own that is removed at the end.</summary>
internal sealed class DemoFiles : IDisposable
{
    private readonly string _skill = Path.Combine(AppContext.BaseDirectory, "skills", "echo.wasm");

    public DemoFiles(int port)
    {
        Port = port;
        Folder = Directory.CreateTempSubdirectory("luminarys-demo-").FullName;
        Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    public int Port { get; }

    public string Folder { get; }

    public string Token { get; }

    public Uri Endpoint => new($"http://127.0.0.1:{Port}/mcp");

    /// <summary>The skills of the three nodes: the same module, deployed under three ids.</summary>
    public static IReadOnlyDictionary<string, string> SkillOfNode { get; } = new Dictionary<string, string>
    {
        ["master"] = "echo-skill",
        ["slave-1"] = "echo-on-one",
        ["slave-2"] = "echo-on-two",
    };

    public string WriteManifest(string node)
    {
        var path = Path.Combine(Folder, $"{node}.skill.yaml");
        File.WriteAllText(path, $"""
            id: {SkillOfNode[node]}
            path: {_skill}
            permissions: {"{}"}
            """);
        return path;
    }

    public string WriteConfiguration(string node, string natsUrl)
    {
        var path = Path.Combine(Folder, $"{node}.yaml");
        var http = node == "master" ? $"http: {{ addr: \"127.0.0.1:{Port}\" }}\n" : "";
        File.WriteAllText(path, $"""
            {http}skills: ["{WriteManifest(node)}"]
            db: {"{"} path: "{Path.Combine(Folder, node + ".db")}" {"}"}
            cluster:
              enabled: true
              cluster_id: demo
              node_id: {node}
              role: {(node == "master" ? "master" : "slave")}
              nats_url: {natsUrl}
              state_dir: {Path.Combine(Folder, node)}
              auth: {"{"} token: "{Token}" {"}"}
            """);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
