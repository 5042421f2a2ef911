using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Writes messages of its own making under the name of a node that has joined.</summary>
internal sealed class HostileNode(TestCluster cluster, Node self, Node master) : IAsyncDisposable
{
    private readonly LoopbackBus _bus = new(cluster.Hub);
    private readonly Subjects _subjects = new(new("test"));
    private ulong _sequence = 1 << 20;

    /// <summary>What the master answers.</summary>
    public Frames Frames { get; } = new();

    public ulong Epoch { get; set; } = 1;

    public async Task ConnectAsync()
    {
        await _bus.ConnectAsync(TestContext.Current.CancellationToken);
        await _bus.SubscribeAsync(_subjects.AllFramesToNode(self.Id), BusOverflow.Reconnect, Frames.OnMessage, TestContext.Current.CancellationToken);
    }

    public CallId Call(CallMessage call, CallId? id = null) => Send(MessageTypes.Call, id ?? CallId.New(TimeProvider.System), call);

    public void Cancel(CallId id, ulong number) => Send(MessageTypes.Cancel, id, new CancelMessage(number, 1));

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private CallId Send<T>(string type, CallId id, T body)
        where T : IWireBody<T>
    {
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(
            buffer,
            new()
            {
                Type = type,
                Cluster = new("test"),
                Source = self.Id,
                Incarnation = self.Incarnation,
                Instance = self.Instance,
                Epoch = Epoch,
                Sequence = ++_sequence,
                Id = id,
                TtlMs = 60_000,
                ToInstance = master.Instance,
            },
            body);
        _ = _bus.PublishAsync(_subjects.ToMaster(self.Id, type), null, buffer.Written.ToArray(), CancellationToken.None).AsTask();
        return id;
    }
}
