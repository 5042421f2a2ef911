using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Somebody on the bus who says what a test wants, under the name of a node of the cluster.</summary>
internal sealed class HandmadeNode(LoopbackHub hub, NodeIdentity identity) : IAsyncDisposable
{
    private readonly LoopbackBus _bus = new(hub);
    private readonly Outbox _outbox = new(identity);

    public NodeIdentity Identity { get; } = identity;

    public ControlRequests Requests => field ??= new(_bus, _outbox, TimeProvider.System);

    /// <summary>A double of the node as the master sees it: same process, same term.</summary>
    public static HandmadeNode DoubleOf(TestCluster cluster, TestNode master, string node)
    {
        var seen = master.Registry.Current.Nodes.Single(other => other.Id.Value == node);
        return new(cluster.Hub, new(new("test"), seen.Id, NodeRole.Slave)
        {
            Instance = seen.Instance,
            Incarnation = seen.Incarnation,
            Epoch = master.Registry.Current.Version.Epoch,
        });
    }

    public async Task ConnectAsync()
    {
        await _bus.ConnectAsync(TestContext.Current.CancellationToken);
        await _bus.SubscribeAsync(_outbox.Subjects.AllFramesToNode(Identity.Node), BusOverflow.Reconnect, OnAnswer, TestContext.Current.CancellationToken);
    }

    public async Task TellAsync(SkillEvent skillEvent, NodeId? name = null) => Assert.Equal(InvocationError.None, await _outbox.SendAsync(
        _bus, _outbox.Subjects.ToMaster(name ?? Identity.Node, MessageTypes.Event), null, new(MessageTypes.Event, CallId.New(TimeProvider.System)),
        new EventMessage(skillEvent), TestContext.Current.CancellationToken));

    public Task<ControlAnswer?> AskAsync(KeyValueMessage message) => Requests.SendAsync(
        _outbox.Subjects.ToMaster(Identity.Node, MessageTypes.KeyValue), id => _outbox.Subjects.FramesToNode(Identity.Node, id),
        new(MessageTypes.KeyValue, default), message, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken).AsTask();

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    // A double must hear what is meant for the other as well, so it looks at nothing but the id.
    private void OnAnswer(in BusMessage message)
    {
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(message.Payload, out var envelope));
        Requests.TryTake(new(new('n', Identity.Node, "", envelope.Id), envelope, null));
    }
}
