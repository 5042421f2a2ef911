using System.Net;
using System.Net.Sockets;

namespace Luminarys.Chaos.Transfers;

/// <summary>A bus, a relay, a master and two slaves as real processes, of the program that has crash points. The slave <c>source</c> has files, the slave <c>sink</c> gets them.</summary>
internal sealed class CopyCluster : IAsyncDisposable
{
    public const string Bus = "bus";
    public const string Relay = "relay";
    public const string Master = "master";
    public const string Source = "source";
    public const string Sink = "sink";
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const string Token = "crash-token-9d21";
    private const string Secret = "a secret that relay and nodes share";

    private readonly Dictionary<string, ChildProcess> _processes = [];
    private readonly string _natsServer;
    private readonly int _busPort = FreePort();
    private readonly int _relayPort = FreePort();
    private readonly int _mcpPort = FreePort();

    private CopyCluster(string natsServer) => _natsServer = natsServer;

    public int RelayPort => _relayPort;

    public string Folder { get; } = Directory.CreateTempSubdirectory("luminarys-crash-").FullName;

    /// <summary>Program of the nodes.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "crash-points", "luminarys.dll");

    public string Logs => string.Join("\n", _processes.Select(process => $"---- {process.Key}\n{Tail(process.Value.Output)}"));

    /// <summary>Starts everything and waits until all know each other.</summary>
    public static async Task<CopyCluster> StartAsync()
    {
        var natsServer = ChildProcess.Find("nats-server");
        if (natsServer is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "nats-server is not installed: apt-get install nats-server");
            Assert.Fail("nats-server is not installed");
        }

        var cluster = new CopyCluster(natsServer);
        try
        {
            foreach (var part in (string[])[Bus, Relay, Master, Source, Sink])
            {
                cluster.Start(part);
            }

            await cluster.WaitUntilReadyAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public ChildProcess this[string part] => _processes[part];

    public string DataOf(string node) => Path.Combine(Folder, "data-" + node);

    public string PathOf(string node, string name) => Path.Combine(DataOf(node), name);

    /// <summary>Starts a part, in the place of the one before it.</summary>
    /// <param name="part">Which.</param>
    /// <param name="crashAt">Step at which it dies.</param>
    public ChildProcess Start(string part, string? crashAt = null)
    {
        string[] command = part switch
        {
            Bus => [_natsServer, "-a", "127.0.0.1", "-p", $"{_busPort}", "--auth", Token],
            Relay => ["dotnet", Program, "relay", "-config", Configure(Master)],
            _ => ["dotnet", Program, "-config", Configure(part)],
        };
        return _processes[part] = ChildProcess.Start(command[0], command[1..], Folder, new Dictionary<string, string?> { [CrashPoints.Variable] = crashAt });
    }

    /// <summary>Kills the sink and starts another one whose system calls are written down.</summary>
    /// <param name="trace">File for them.</param>
    /// <param name="off">Defence that it is without; empty for none.</param>
    public async Task TraceSinkAsync(string trace, string off)
    {
        await _processes[Sink].DisposeAsync();
        _processes[Sink] = ChildProcess.Start(
            SystemCallTrace.Program,
            [
                .. SystemCallTrace.Arguments(trace), "dotnet", Path.Combine(AppContext.BaseDirectory, "luminarys-chaos-node.dll"), Configure(Sink), .. off.Length == 0 ? (string[])[] : [off],
            ],
            Folder);
        await WaitUntilReadyAsync();
    }

    /// <summary>Kills a part and starts it again.</summary>
    public async Task RestartAsync(string part, string? crashAt = null)
    {
        await _processes[part].DisposeAsync();
        Start(part, crashAt);
        await WaitUntilReadyAsync();
    }

    /// <summary>Waits until the master knows both slaves, and they know it.</summary>
    public async Task WaitUntilReadyAsync() => await Eventually.HoldsAsync("the cluster is ready", Limit, () => Task.FromResult(
        _processes[Relay].Output.Contains("The relay listened on", StringComparison.Ordinal)
        && IsReady(Source) && IsReady(Sink)), () => Logs);

    /// <summary>Begins to copy a file of the source to the sink.</summary>
    public ChildProcess BeginCopy(string name) => ChildProcess.Start(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "cp", $"{Source}://{PathOf(Source, name)}", $"{Sink}://{PathOf(Sink, name)}", "-config", Configure("elsewhere")], Folder);

    /// <summary>What stands in the staging directory of the sink, without notes of files that are there.</summary>
    public string[] Remnants()
    {
        var staging = Path.Combine(DataOf(Sink), ".lm-staging");
        return Directory.Exists(staging) ? [.. Directory.EnumerateFiles(staging).Where(file => !file.EndsWith(".note", StringComparison.Ordinal))] : [];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes.Values))
        {
            await process.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private bool IsReady(string slave) =>
        _processes[Master].Output.Contains($"Node {slave} joined", StringComparison.Ordinal)
        && _processes[slave].Output.Contains("Serves the master of epoch", StringComparison.Ordinal);

    private string Configure(string node)
    {
        Directory.CreateDirectory(DataOf(node));
        var http = node == Master ? $"http: {{ addr: \"127.0.0.1:{_mcpPort}\" }}\n" : "";
        var path = Path.Combine(Folder, $"{node}.yaml");
        File.WriteAllText(path, $$"""
            {{http}}skills: []
            db: { path: "{{Folder}}/{{node}}.db" }
            cluster:
              enabled: true
              cluster_id: crash
              node_id: {{node}}
              role: {{(node == Master ? "master" : "slave")}}
              nats_url: nats://127.0.0.1:{{_busPort}}
              state_dir: "{{Folder}}/state-{{node}}"
              heartbeat_interval: 2s
              node_ttl: 6s
              relay_port: {{_relayPort}}
              relay_url: 127.0.0.1:{{_relayPort}}
              relay: { secret: {{Secret}} }
              file_transfer: { allowed_nodes: ["*"], local_dirs: ["{{DataOf(node)}}:rw"] }
              auth: { token: "{{Token}}" }
            """);
        return path;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Tail(string text) => text.Length <= 6000 ? text : $"…{text[^6000..]}";
}
