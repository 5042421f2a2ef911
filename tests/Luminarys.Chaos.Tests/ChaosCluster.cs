using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Luminarys.Chaos;

/// <summary>
/// A bus server, a master and slaves as real processes on loopback, each node behind a <see cref="FaultProxy"/>, in a folder of their own. All of
/// them end with it.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    public const string Token = "chaos-token-51b7";
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly ConcurrentDictionary<ChaosCluster, bool> s_living = new();

    private readonly string _natsServer;
    private readonly ClusterShape _shape;
    private ChildProcess _bus;

    // Also when the test program is told to stop in the middle of a test.
    static ChaosCluster() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in s_living.Keys.SelectMany(cluster => cluster.Processes).Where(process => !process.HasExited))
        {
            _ = process.KillAsync();
        }
    };

    private ChaosCluster(string natsServer, ClusterShape shape)
    {
        s_living[this] = true;
        (_natsServer, _shape) = (natsServer, shape);
        Folder = Directory.CreateTempSubdirectory("luminarys-chaos-").FullName;
        BusPort = FreePort();
        McpPort = FreePort();
        Client = new(McpPort);
        _bus = StartBus();
        Master = new(this, "master", []);
        Slaves = [.. Enumerable.Range(1, shape.Slaves).Select(Slave)];
    }

    public string Folder { get; }

    public int BusPort { get; }

    public int McpPort { get; }

    public McpCaller Client { get; }

    public ChaosNode Master { get; }

    public IReadOnlyList<ChaosNode> Slaves { get; }

    public IEnumerable<ChaosNode> Nodes => [Master, .. Slaves];

    /// <summary>Every skill of every slave.</summary>
    public IEnumerable<string> Skills => Slaves.SelectMany(slave => slave.Skills);

    /// <summary>How long the registry may take to be whole again when harm has ended: the time to live and two heartbeats.</summary>
    public TimeSpan HealLimit => _shape.Ttl + (2 * _shape.Heartbeat);

    public string Logs => string.Join("\n", Nodes.Select(node => $"---- {node.Name}\n{Tail(node.Output)}"));

    /// <summary>Starts everything and waits until the list is complete.</summary>
    public static async Task<ChaosCluster> StartAsync(ClusterShape shape)
    {
        var natsServer = ChildProcess.Find("nats-server");
        if (natsServer is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "nats-server is not installed: apt-get install nats-server");
            Assert.Fail("nats-server is not installed");
        }

        var cluster = new ChaosCluster(natsServer, shape);
        try
        {
            foreach (var node in cluster.Nodes)
            {
                node.Start();
            }

            await cluster.WaitForSkillsAsync(cluster.Skills, StartLimit);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the list holds exactly these skills, and answers how long that took.</summary>
    public async Task<TimeSpan> WaitForSkillsAsync(IEnumerable<string> skills, TimeSpan limit)
    {
        string[] wanted = [.. skills.Order(StringComparer.Ordinal)];
        IReadOnlyList<string>? seen = null;
        return await Eventually.HoldsAsync($"the list holds exactly {wanted.Length} skills", limit, async () =>
        {
            seen = await ListedAsync();
            return seen?.SequenceEqual(wanted) ?? false;
        }, () => $"last seen: {(seen is null ? "no answer" : string.Join(", ", seen))}\n{Logs}");
    }

    /// <summary>The skills in the list, sorted; null when the master does not answer within two seconds.</summary>
    public async Task<IReadOnlyList<string>?> ListedAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            var tools = await Client.ListAsync(patience.Token);
            return tools is null ? null : [.. tools.Select(tool => tool.Split("__")[0]).Distinct().Order(StringComparer.Ordinal)];
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Calls a method of a skill and waits somewhat longer than any answer may take.</summary>
    public async Task<CallRecord> CallAsync(History history, string id, string skill, string method, object arguments, string? expected = null)
    {
        using var patience = new CancellationTokenSource(_shape.CallTimeout + TimeSpan.FromSeconds(10));
        var call = new CallRecord(id, $"{skill}__{method}", history.Now, _shape.CallTimeout) { Expected = expected };
        var answer = await Client.CallAsync(call.Tool, arguments, patience.Token);
        call = call with { Answer = answer, AnsweredAt = history.Now };
        history.Add(call);
        return call;
    }

    /// <summary>How often each call ran, on whichever node.</summary>
    public IReadOnlyDictionary<string, int> Runs() =>
        Nodes.SelectMany(node => node.Traces).GroupBy(id => id).ToDictionary(group => group.Key, group => group.Count());

    public Task StopBusAsync() => _bus.KillAsync();

    public void RestartBus() => _bus = StartBus();

    public void PauseBus() => _bus.Pause();

    public void ResumeBus() => _bus.Resume();

    public string WriteConfiguration(ChaosNode node, string name)
    {
        var isMaster = node == Master;
        var isTwin = name != node.Name;
        var http = isMaster ? $"http: {{ addr: \"127.0.0.1:{(isTwin ? FreePort() : McpPort)}\" }}\n" : "";
        var manifests = node.Skills.Select(skill => $"\"{WriteManifest(node, skill)}\"");
        return Write($"{name}.yaml", $$"""
            {{http}}skills: [{{string.Join(", ", manifests)}}]
            db: { path: "{{Folder}}/{{name}}.db" }
            fs: { durability: fast }
            log: { level: {{_shape.LogLevel}} }
            runtime:
              invoke_timeout: {{_shape.CallTimeout.TotalSeconds}}s
              max_instances: {{_shape.Instances}}
              cache_dir: "{{Folder}}/cache-{{name}}"
            cluster:
              enabled: true
              cluster_id: chaos
              node_id: {{node.Name}}
              role: {{(isMaster ? "master" : "slave")}}
              nats_url: nats://127.0.0.1:{{node.Proxy.Port}}
              relay_embedded: false
              state_dir: "{{Folder}}/state-{{name}}"
              heartbeat_interval: {{_shape.Heartbeat.TotalSeconds}}s
              node_ttl: {{_shape.Ttl.TotalSeconds}}s
              auth: { token: "{{Token}}" }
            """);
    }

    private IEnumerable<ChildProcess> Processes => [.. Nodes.SelectMany(node => node.Processes), _bus];

    public async ValueTask DisposeAsync()
    {
        s_living.TryRemove(this, out _);
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await _bus.DisposeAsync();
        Client.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Tail(string text) => text.Length <= 6000 ? text : $"…{text[^6000..]}";

    private ChaosNode Slave(int number) => new(this, $"s{number}", SkillsOf($"s{number}")) { Program = _shape.SlaveProgram, DefencesOff = _shape.DefencesOff };

    private IReadOnlyList<string> SkillsOf(string node) => [.. Enumerable.Range(1, _shape.SkillsPerSlave).Select(skill => $"{node}-k{skill}")];

    private ChildProcess StartBus() => ChildProcess.Start(_natsServer, ["-a", "127.0.0.1", "-p", $"{BusPort}", "--auth", Token], Folder);

    private string WriteManifest(ChaosNode node, string skill) => Write($"{skill}.skill.yaml", $$"""
        id: {{skill}}
        path: {{Path.Combine(AppContext.BaseDirectory, "chaos.wasm")}}
        permissions:
          fs: { enabled: true, dirs: ["{{node.Journal}}:rw"] }
          shell: { enabled: true, allowlist: ["./**"], allowed_dirs: ["{{node.Journal}}"] }
        env: { JOURNAL: "{{node.Journal}}" }
        """);

    private string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
