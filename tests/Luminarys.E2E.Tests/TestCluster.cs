using System.Net;
using System.Net.Sockets;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Luminarys.E2E;

/// <summary>A NATS server with a token, and nodes as processes, in a folder of their own.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string Token = "e2e-token-7d1f";
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<ChildProcess> _processes = [];
    private readonly Dictionary<string, ChildProcess> _nodes = [];

    private TestCluster(string natsServer, string host)
    {
        Host = host;
        Folder = Directory.CreateTempSubdirectory("luminarys-e2e-").FullName;
        NatsPort = FreePort();
        McpPort = FreePort();
        _processes.Add(ChildProcess.Start(natsServer, ["-a", host, "-p", $"{NatsPort}", "--auth", Token], Folder));
    }

    public string Folder { get; }

    /// <summary>Where the bus listens.</summary>
    public string Host { get; }

    /// <summary>Nodes that run in a network of their own, by its name.</summary>
    public Dictionary<string, string> Networks { get; } = [];

    /// <summary>Lines that the manifests of some skills end with.</summary>
    public Dictionary<string, string> Extras { get; } = [];

    public int NatsPort { get; }

    public int McpPort { get; }

    public Uri Endpoint => new($"http://127.0.0.1:{McpPort}/mcp");

    public static string EchoModule => Path.Combine(AppContext.BaseDirectory, "echo.wasm");

    public static TestCluster Start(string host = "127.0.0.1")
    {
        var natsServer = ChildProcess.Find("nats-server");
        if (natsServer is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "nats-server is not installed: apt-get install nats-server");
            Assert.Fail("nats-server is not installed");
        }

        return new TestCluster(natsServer, host);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public ChildProcess StartNode(string node, params string[] skills) => StartConfigured(WriteConfiguration(node, skills));

    /// <summary>Starts a node; its configuration has its name.</summary>
    public ChildProcess StartConfigured(string configuration)
    {
        var node = Path.GetFileNameWithoutExtension(configuration);
        return _nodes[node] = !Networks.TryGetValue(node, out var network)
            ? StartTool("-config", configuration)
            : Keep(ChildProcess.Start("ip", ["netns", "exec", network, "dotnet", ChildProcess.Luminarys, "-config", configuration], Folder));
    }

    /// <summary>Starts a relay of its own; <see cref="ProcessOf"/> knows it by that name.</summary>
    public ChildProcess StartRelay(string configuration) => _nodes["relay"] = StartTool("relay", "-config", configuration);

    /// <summary>The process of a node.</summary>
    public ChildProcess ProcessOf(string node) => _nodes[node];

    /// <summary>Starts <c>luminarys</c> with any arguments.</summary>
    public ChildProcess StartTool(params string[] arguments) => Keep(ChildProcess.StartLuminarys(Folder, arguments));

    public string WriteConfiguration(string node, string[] skills, string token = Token, int? natsPort = null)
    {
        var http = node == "master" ? $"http: {{ addr: \"127.0.0.1:{McpPort}\" }}\n" : "";
        var manifests = skills.Select(skill => $"\"{WriteManifest(skill)}\"");
        return Write($"{node}.yaml", $"""
            {http}skills: [{string.Join(", ", manifests)}]
            db: {"{"} path: "{Path.Combine(Folder, node + ".db")}" {"}"}
            cluster:
              enabled: true
              cluster_id: e2e
              node_id: {node}
              role: {(node == "master" ? "master" : "slave")}
              nats_url: nats://{Host}:{natsPort ?? NatsPort}
              state_dir: {Path.Combine(Folder, "state-" + node)}
              heartbeat_interval: {Heartbeat.TotalSeconds}s
              node_ttl: {Ttl.TotalSeconds}s
              auth: {"{"} token: "{token}" {"}"}
            """);
    }

    /// <summary>A manifest of the module that a test put into the folder under the skill's name; else of the echo skill.</summary>
    public string WriteManifest(string skill, string? module = null) => Write($"{skill}.skill.yaml", $"""
        id: {skill}
        path: {module ?? (File.Exists(Path.Combine(Folder, $"{skill}.wasm")) ? Path.Combine(Folder, $"{skill}.wasm") : EchoModule)}
        permissions: {"{}"}
        env: {"{"} GREETING: hello, K: v {"}"}
        {Extras.GetValueOrDefault(skill, "")}
        """);

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Connects a client; one that is told of changes speaks a protocol that has sessions.</summary>
    public async Task<McpClient> ConnectAsync(Action? onListChanged = null)
    {
        McpClient? client = null;
        var options = onListChanged is null ? null : new McpClientOptions
        {
            ProtocolVersion = "2025-11-25",
            Handlers = new McpClientHandlers
            {
                NotificationHandlers =
                [
                    new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                    {
                        onListChanged();
                        return default;
                    }),
                ],
            },
        };
        await Eventually.HoldsAsync("the master answers MCP", Patience, async () =>
        {
            client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = Endpoint }), options);
            return true;
        }, () => Logs);
        return client!;
    }

    public async Task<TimeSpan> WaitForSkillsAsync(McpClient client, TimeSpan limit, params string[] skills)
    {
        List<string> seen = [];
        return await Eventually.HoldsAsync($"the list holds exactly {string.Join(", ", skills)}", limit, async () =>
        {
            seen = await SkillsAsync(client);
            return seen.SequenceEqual(skills.Order(StringComparer.Ordinal));
        }, () => $"last seen: {string.Join(", ", seen)}\n{Logs}");
    }

    public static async Task<List<string>> SkillsAsync(McpClient client)
    {
        var tools = await client.ListToolsAsync();
        return [.. tools.Select(tool => tool.Name.Split("__")[0]).Distinct().Order(StringComparer.Ordinal)];
    }

    public static async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments);
        var text = string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        Assert.False(result.IsError ?? false, text);
        return text;
    }

    public string Logs => string.Join("\n----\n", _processes.Select(process => process.Output));

    private ChildProcess Keep(ChildProcess process)
    {
        _processes.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
