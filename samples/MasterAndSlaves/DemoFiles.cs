using System.Security.Cryptography;

namespace MasterAndSlaves;

/// <summary>The folder that the demo's nodes run in: configuration of samples/Clustering, packages signed with a key of this run, state. Removed at the end.</summary>
internal sealed class DemoFiles : IDisposable
{
    private static readonly string[] s_skills = ["echo", "fs", "git", "go-toolchain"];
    private readonly string _sample = Path.Combine(AppContext.BaseDirectory, "clustering");

    public DemoFiles(int port)
    {
        Port = port;
        Folder = Directory.CreateTempSubdirectory("luminarys-demo-").FullName;
        Data = Directory.CreateDirectory(Path.Combine(Folder, "data")).FullName;
        foreach (var file in Directory.EnumerateFiles(_sample, "*.yaml", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(_sample, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>The nodes, the master first.</summary>
    public static IReadOnlyList<string> Nodes { get; } = ["master", "slave-1", "slave-2"];

    public int Port { get; }

    public string Folder { get; }

    /// <summary>The only directory that the skills may use.</summary>
    public string Data { get; }

    /// <summary>What MCP clients send.</summary>
    public string Token { get; } = NewToken();

    /// <summary>What nodes send to the bus.</summary>
    public string BusToken { get; } = NewToken();

    public Uri Endpoint => new($"http://127.0.0.1:{Port}/mcp");

    public static string ConfigurationOf(string node) => node == "master" ? "master.yaml" : "slave.yaml";

    /// <summary>The manifests of a node, as its configuration lists them.</summary>
    public static string[] ManifestsOf(string node) => node == "master" ? ["skills/echo.yaml", "skills/fs.yaml"] : ["skills/git.yaml", "skills/go-toolchain.yaml"];

    /// <summary>The variables that the configuration of a node uses.</summary>
    public Dictionary<string, string> VariablesOf(string node, string natsUrl) => new()
    {
        ["NODE_ID"] = node,
        ["NATS_URL"] = natsUrl,
        ["NATS_TOKEN"] = BusToken,
        ["AUTH_TOKEN"] = Token,
        ["HTTP_ADDR"] = $"127.0.0.1:{Port}",
        ["STATE_DIR"] = Path.Combine(Folder, "state"),
        ["DATA_DIR"] = Data,
    };

    /// <summary>Makes a key, signs the skills with it, and trusts it.</summary>
    public async Task SignAsync(CancellationToken cancellationToken)
    {
        var key = Path.Combine(Folder, "keys", "demo.pem");
        Directory.CreateDirectory(Path.GetDirectoryName(key)!);
        Directory.CreateDirectory(Path.Combine(Folder, "packages"));
        await LmskAsync(["genkey", "-key", key], cancellationToken);
        foreach (var skill in s_skills)
        {
            var module = Path.Combine(AppContext.BaseDirectory, "skills", $"{skill}.wasm");
            await LmskAsync(["sign", module, "-key", key, "-out", PackageOf(skill)], cancellationToken);
        }

        await LmskAsync(["trust", "add", PackageOf("echo"), "-name", "demo", "-prefix", "ai.luminarys.as", "-dir", Path.Combine(Folder, "trust")], cancellationToken);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string PackageOf(string skill) => Path.Combine(Folder, "packages", $"ai.luminarys.as.{skill}.skill");

    private async Task LmskAsync(string[] arguments, CancellationToken cancellationToken)
    {
        await using var lmsk = ChildProcess.Start(Folder, "lmsk", "dotnet", [Path.Combine(AppContext.BaseDirectory, "lmsk.dll"), .. arguments]);
        await lmsk.WaitAsync(cancellationToken);
        if (lmsk.ExitCode != 0)
        {
            throw new DemoException(lmsk.Tail());
        }
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
