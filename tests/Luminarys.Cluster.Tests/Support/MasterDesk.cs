using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>What a part of a master needs, beside a registry in which two nodes have one skill each.</summary>
internal sealed class MasterDesk : IAsyncDisposable
{
    private readonly LoopbackBus _bus;

    public MasterDesk()
    {
        _bus = new(Hub);
        var outbox = new Outbox(Self);
        var buses = new NodeBuses(_bus, _bus);
        Link = new(buses, outbox, new(Self, NullLogger.Instance), new(new(_bus, outbox, Time), outbox, _bus), new(Time));
        Members = RegistryCopy.Of(new RegistryVersion(3, 1), [Copy("slave-1", 1, "a"), Copy("slave-2", 2, "b")]);
    }

    public LoopbackHub Hub { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public NodeIdentity Self { get; } = new(new("test"), new("master"), NodeRole.Master) { Epoch = 3 };

    public MasterLink Link { get; }

    public SkillEventHub Listeners { get; } = new();

    public RegistryCopy Members { get; }

    public HandmadeNode Slave(string node = "slave-1", int instance = 1) =>
        new(Hub, new(new("test"), new(node), NodeRole.Slave) { Instance = Samples.Instance(instance), Incarnation = 1, Epoch = 3 });

    public async Task ListenAsync(string type, BusMessageHandler handler)
    {
        await _bus.ConnectAsync(TestContext.Current.CancellationToken);
        await _bus.SubscribeAsync(Link.Subjects.ToMasterFromAny(type), BusOverflow.Notify, handler, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private static NodeCopy Copy(string node, int instance, string skill) => new(
        new(node), NodeRole.Slave, false, 1, Samples.Instance(instance), default, [new(new(skill), Samples.One, true)]);
}
