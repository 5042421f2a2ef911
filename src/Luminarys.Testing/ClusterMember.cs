using Luminarys.Cluster;
using Luminarys.Hosting;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.State;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Testing;

/// <summary>One node of a test cluster over its starts and crashes: what it keeps on disk stays, everything else is made anew. Not thread-safe.</summary>
internal sealed class ClusterMember(NodeId id, NodeRole role, TestNodeBuilder skills, FaultSettings faults, TestSurroundings around) : IAsyncDisposable
{
    // Fast enough for a test to wait for, slow enough for a machine that is busy with others.
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_ttl = TimeSpan.FromSeconds(2.5);

    private readonly MemoryStateStore _states = new();
    private readonly List<FaultyBus> _buses = [];
    private NodeTime _time = new(around.Time);
    private ServiceProvider? _services;
    private int _connections;

    public NodeRole Role => role;

    /// <summary>The node's view of the cluster; empty while it does not run.</summary>
    public RegistrySnapshot Registry => _services?.GetRequiredService<SkillRegistry>().Current ?? RegistrySnapshot.Empty;

    /// <summary>Runs calls on the cluster; null while the node does not run, or is a slave.</summary>
    public IInvoker? Invoker => role == NodeRole.Master ? _services?.GetRequiredService<IInvoker>() : null;

    /// <summary>Starts the node.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _time = new(around.Time);
        _services = Build();
        var fault = role == NodeRole.Master
            ? await _services.GetRequiredService<MasterNode>().StartAsync(cancellationToken).ConfigureAwait(false)
            : await _services.GetRequiredService<SlaveNode>().StartAsync(cancellationToken).ConfigureAwait(false);
        if (fault is not null)
        {
            await EndAsync().ConfigureAwait(false);
            throw new InvalidOperationException($"Node '{id}' did not start: {fault.Error.ToCode()}: {fault.Message}");
        }
    }

    /// <summary>Drains the node and ends it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_services is { } services)
        {
            await (role == NodeRole.Master
                ? services.GetRequiredService<MasterNode>().DrainAsync(cancellationToken).AsTask()
                : services.GetRequiredService<SlaveNode>().DrainAsync(cancellationToken).AsTask()).ConfigureAwait(false);
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the node as a killed process ends: its connections are gone first.</summary>
    public async Task EndAsync()
    {
        if (_services is not { } services)
        {
            return;
        }

        foreach (var bus in _buses)
        {
            await bus.DisposeAsync().ConfigureAwait(false);
        }

        _services = null;
        _time.GoOn();
        await services.DisposeAsync().ConfigureAwait(false);
        _buses.Clear();
    }

    public void SetCut(bool isCut) => _buses.ForEach(bus => bus.SetCut(isCut));

    public void SetStalled(StallDirection direction, bool isStalled) => _buses.ForEach(bus => bus.SetStalled(direction, isStalled));

    public void StopTime() => _time.Stop();

    public void GoOn() => _time.GoOn();

    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        await _states.DisposeAsync().ConfigureAwait(false);
    }

    private ServiceProvider Build()
    {
        var (services, folder) = (new ServiceCollection(), Path.Combine(around.Folder, id.Value));
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton(around.Loggers);
        services.AddLogging();
        services.AddSingleton<IStateStore>(_states);
        services.AddSingleton<IManifestSource>(new FixedManifests(skills.Manifests));
        if (!skills.HasPackages)
        {
            var time = _time;
            services.AddSingleton<ISkillRuntime>(_ => skills.Runtime(time));
        }

        foreach (var lane in Enum.GetValues<BusLane>())
        {
            var bus = new FaultyBus(around.Hub, faults, ++_connections + (id.Value.Sum(letter => letter) * 1000));
            _buses.Add(bus);
            services.AddKeyedSingleton<IBus>(lane, bus);
        }

        if (role == NodeRole.Master)
        {
            services.AddLuminarysMaster(options => Configure(options, folder));
        }
        else
        {
            services.AddLuminarysSlave(options => Configure(options, folder));
        }

        return services.BuildServiceProvider();
    }

    private void Configure(MasterOptions options, string folder)
    {
        (options.ClusterId, options.NodeId, options.StateDirectory) = ("test", id.Value, folder);
        Share(options.Transfers);
        if (!around.IsVirtual)
        {
            (options.HeartbeatInterval, options.NodeTtl, options.EpochProbeWait) = (s_beat, s_ttl, s_beat);
        }
    }

    private void Configure(SlaveOptions options, string folder)
    {
        (options.ClusterId, options.NodeId, options.StateDirectory) = ("test", id.Value, folder);
        Share(options.Transfers);
        if (!around.IsVirtual)
        {
            (options.HeartbeatInterval, options.NodeTtl) = (s_beat, s_ttl);
        }
    }

    private void Share(TransferOptions options)
    {
        options.AllowedNodes = skills.Shared.Count > 0 ? ["*"] : [];
        options.Directories = [.. skills.Shared];
    }
}
