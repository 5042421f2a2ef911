using System.Collections.Concurrent;
using System.Threading.Channels;
using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Messaging;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.State;
using Luminarys.Skills;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>One node of a <see cref="TestCluster"/> with everything it uses.</summary>
internal sealed class TestNode : IManifestSource, IEventPublisher
{
    private readonly Channel<bool> _changed = Channel.CreateUnbounded<bool>();
    private IReadOnlyList<ManifestResult> _manifests;
    private bool _isKilled;

    public TestNode(TestCluster cluster, string[] skills, IStateStore? states = null)
    {
        Control = new(cluster.Hub);
        Traffic = new(cluster.Hub);
        Buses = new(cluster.Wire(Control), cluster.Wire(Traffic));
        Ports = new(Runtime, this, this, states ?? new MemoryStateStore());
        _manifests = [.. skills.Select(id => Named(id))];
    }

    public FakeRuntime Runtime { get; } = new();

    public LoopbackBus Control { get; }

    public LoopbackBus Traffic { get; }

    public NodeBuses Buses { get; }

    public DeploymentPorts Ports { get; }

    public SkillRegistry Registry { get; } = new();

    public ConcurrentQueue<IDomainEvent> Events { get; } = new();

    /// <summary>What the subscriber of events does with each of them.</summary>
    public Task Subscriber { get; set; } = Task.CompletedTask;

    public Func<CancellationToken, ValueTask<NodeFault?>> Start { get; set; } = null!;

    public Func<CancellationToken, ValueTask> Drain { get; set; } = null!;

    public Func<ValueTask> Dispose { get; set; } = null!;

    public Task<NodeFault> Faulted { get; set; } = null!;

    public IInvoker Invoker { get; set; } = null!;

    public string[] Skills => [.. Registry.Current.Entries.Select(entry => $"{entry.Skill.Id}@{entry.Node}")];

    /// <summary>A manifest; one with another content is another one.</summary>
    public static ManifestResult Named(string id, string content = "1") =>
        new(id, new Manifest(new(id), id.StartsWith("broken", StringComparison.Ordinal) || content == "broken" ? "broken" : id, "/" + id), []) { Fingerprint = content };

    /// <summary>Changes the manifests of the node while it runs.</summary>
    public void Change(params ManifestResult[] manifests)
    {
        _manifests = manifests;
        _changed.Writer.TryWrite(true);
    }

    public async ValueTask WaitForChangeAsync(CancellationToken cancellationToken) => await _changed.Reader.ReadAsync(cancellationToken);

    /// <summary>Ends the node as a killed process ends: its connections are gone first.</summary>
    public async Task KillAsync()
    {
        if (!_isKilled)
        {
            _isKilled = true;
            await Control.DisposeAsync();
            await Traffic.DisposeAsync();
            await Dispose();
        }
    }

    /// <summary>Cuts the node off the bus, or lets it back.</summary>
    public void SetCut(bool isCut)
    {
        foreach (var bus in new[] { Control, Traffic })
        {
            if (isCut)
            {
                LoopbackHub.Disconnect(bus);
            }
            else
            {
                LoopbackHub.Reconnect(bus);
            }
        }
    }

    public ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken) => new(_manifests);

    public ValueTask PublishAsync(IDomainEvent domainEvent, CancellationToken cancellationToken)
    {
        Events.Enqueue(domainEvent);
        return new(Subscriber);
    }
}
