namespace Luminarys.Chaos;

/// <summary>A node as a real process behind a proxy of its own. Its journal and state outlive the process.</summary>
internal sealed class ChaosNode(ChaosCluster cluster, string name, IReadOnlyList<string> skills) : IAsyncDisposable
{
    private readonly List<ChildProcess> _processes = [];

    public string Name { get; } = name;

    public IReadOnlyList<string> Skills { get; } = skills;

    /// <summary>Between this node and the bus.</summary>
    public FaultProxy Proxy { get; } = new(cluster.BusPort);

    /// <summary>Where its skills leave their traces.</summary>
    public string Journal { get; } = Directory.CreateDirectory(Path.Combine(cluster.Folder, $"journal-{name}")).FullName;

    /// <summary>The shipped program, or the one that can turn defences off.</summary>
    public string Program { get; init; } = ClusterShape.Shipped;

    public IReadOnlyList<string> DefencesOff { get; init; } = [];

    public IReadOnlyList<ChildProcess> Processes => _processes;

    public ChildProcess Process => _processes[^1];

    public string Output => string.Join("\n-- restarted --\n", _processes.Select(process => process.Output));

    /// <summary>How often the journal names each call.</summary>
    public IEnumerable<string> Traces => Directory.EnumerateFiles(Journal).Select(file => Path.GetFileName(file))
        .Where(file => file.StartsWith("c-", StringComparison.Ordinal)).Select(file => file[..file.LastIndexOf('.')]);

    public bool HasRun(string id) => Traces.Contains(id);

    /// <summary>When the call worked last; null for never.</summary>
    public DateTime? LastTick(string id) => new FileInfo(Path.Combine(Journal, $"tick.{id}")) is { Exists: true } file ? file.LastWriteTimeUtc : null;

    public void Start() => _processes.Add(Launch(cluster.WriteConfiguration(this, Name)));

    /// <summary>Starts another process with the same node id, and with state, journal and front door of its own.</summary>
    public ChildProcess StartTwin()
    {
        var twin = Launch(cluster.WriteConfiguration(this, $"{Name}-twin"));
        _processes.Insert(0, twin);
        return twin;
    }

    public Task KillAsync() => Process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await Proxy.DisposeAsync();
    }

    private ChildProcess Launch(string configuration) => ChildProcess.Start(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, Program),
            .. Program == ClusterShape.Shipped ? ["-config", configuration] : (string[])[configuration, .. DefencesOff],
        ],
        cluster.Folder);
}
