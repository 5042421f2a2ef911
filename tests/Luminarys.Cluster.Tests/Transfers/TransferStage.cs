using System.Collections.Concurrent;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Master.Transfers;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers;
using Luminarys.Events;
using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Tests.Transfers;

/// <summary>A master and two slaves that copy files, with every message encoded and decoded, and a relay that tests may cut.</summary>
internal sealed class TransferStage : ITransferMembers, IRelay, IAsyncDisposable
{
    private static readonly AttemptSettings s_settings = new() { Window = 2 * 1024 * 1024 };
    private readonly LoopbackRelay _relay = new(TimeProvider.System);
    private readonly Dictionary<NodeId, TransferEndpoint> _endpoints = [];
    private readonly RelayKeys _keys = new(RelayKey.Create(), []);

    public TransferStage(params string[] allowed)
        : this(null, allowed)
    {
    }

    public TransferStage(LoopbackHub? hub, params string[] allowed)
    {
        Coordinator = NewCoordinator();
        foreach (var node in (NodeId[])[Self, A, B])
        {
            Files[node] = new();
            _endpoints[node] = new(
                node,
                new Desk(this, node),
                new(new FileTransferPermission(allowed.Length == 0 ? ["*"] : [.. allowed], []), Files[node]),
                new(this, Encrypts: true, s_settings, TimeProvider.System) { Bus = hub is null ? null : CarrierOf(node, hub) },
                new TransferLimits { FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(50) },
                NullLogger.Instance);
        }
    }

    public NodeId Self { get; } = new("master");

    public NodeId A { get; } = new("a");

    public NodeId B { get; } = new("b");

    public NodeId Operator { get; } = new("op-12345678");

    public Dictionary<NodeId, MemoryFiles> Files { get; } = [];

    /// <summary>What the master told of.</summary>
    public ConcurrentQueue<IDomainEvent> Events { get; } = new();

    public TransferCoordinator Coordinator { get; private set; }

    /// <summary>Stands between source and relay: see <see cref="MiddleStream"/>.</summary>
    public Func<uint, long, byte[], byte[]>? Alter { get; set; }

    /// <summary>What the relay answers instead of a channel.</summary>
    public RelayFault RelayFault { get; set; }

    public TransferEndpoint this[NodeId node] => _endpoints[node];

    public void RestartMaster() => Coordinator = NewCoordinator();

    public static TransferPlan Plan(NodeId from, string fromPath, NodeId to, string toPath, NodeId wanting) => new(from, fromPath, to, toPath, wanting);

    public bool IsLive(NodeId node) => _endpoints.ContainsKey(node);

    public ValueTask<TransferAnswer> AskAsync(NodeId node, TransferMessage message, CancellationToken cancellationToken) =>
        _endpoints[node].TakeAsync(Again(message), cancellationToken);

    public async ValueTask<RelayChannel> OpenAsync(TransferTicket ticket, CancellationToken cancellationToken)
    {
        if (RelayFault != RelayFault.None)
        {
            return RelayFault;
        }

        var channel = await _relay.OpenAsync(ticket, cancellationToken);
        return channel.Stream is { } stream && ticket.Role == TransferRole.Source && Alter is { } alter
            ? new MiddleStream(stream, (at, chunk) => alter(AttemptNumber.CountOf(ticket.Attempt), at, chunk))
            : channel;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in _endpoints.Values)
        {
            await endpoint.DisposeAsync();
        }
    }

    private static BusCarrier CarrierOf(NodeId node, LoopbackHub hub)
    {
        var bus = new LoopbackBus(hub);
        Assert.True(bus.ConnectAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        return new(bus, new(new("test")), node, TimeProvider.System, NullLogger.Instance);
    }

    private TransferCoordinator NewCoordinator() => new(this, new(new("test"), _keys, () => "relay:4223", TimeProvider.System), TimeProvider.System, Events.Enqueue);

    private static T Again<T>(T body)
        where T : IWireBody<T>
    {
        Assert.True(Wire.TryRead<T>(TransferWire.ToBytes(body), out var read));
        return read;
    }

    private sealed class Desk(TransferStage stage, NodeId node) : ITransferDesk
    {
        public async ValueTask<TransferAnswer> AskAsync(TransferMessage message, CancellationToken cancellationToken) =>
            Again(await stage.Coordinator.TakeAsync(node, Again(message), cancellationToken));
    }
}
