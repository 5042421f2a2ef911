using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Cluster.Slave.Values;

/// <summary>
/// The values that skills of all nodes share, as a slave sees them: on the master, and nowhere else. Asked once; a request that nobody answered is not
/// repeated, because a value that was written meanwhile would be lost.
/// </summary>
internal sealed class MasterValues : ISkillValues
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(5);

    private readonly SlaveLink _link;
    private readonly Func<ServingGate> _gate;
    private readonly ControlRequests _requests;

    public MasterValues(SlaveLink link, Func<ServingGate> gate) =>
        (_link, _gate, _requests) = (link, gate, new(link.Buses.Traffic, link.Outbox, link.Clock.Time));

    /// <inheritdoc/>
    public async ValueTask<StoredValue> FindAsync(ValueKey key, CancellationToken cancellationToken)
    {
        var (answer, fault) = await AskAsync(new(KeyValueOperation.Get, key, default), cancellationToken).ConfigureAwait(false);
        return fault is null ? new(answer!.Value) : new(null, fault);
    }

    /// <inheritdoc/>
    public async ValueTask<HostFault?> StoreAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var limit = Math.Min(ISkillValues.MaxValue, _link.Buses.Traffic.MaxPayload - ProtocolLimits.EnvelopeRoom);
        return value.Length > limit
            ? new(InvocationError.PayloadTooLarge, $"the value has {value.Length} bytes; {limit} are allowed")
            : (await AskAsync(new(KeyValueOperation.Set, key, value), cancellationToken).ConfigureAwait(false)).Fault;
    }

    /// <summary>Takes an answer of the traffic lane; false when nobody waits for it.</summary>
    public bool TryTake(in Received received) => _requests.TryTake(received);

    private async ValueTask<(AnswerMessage? Answer, HostFault? Fault)> AskAsync(KeyValueMessage message, CancellationToken cancellationToken)
    {
        var gate = _gate();
        if (_link.Buses.Traffic.Status != BusStatus.Up)
        {
            return (null, new(InvocationError.BusDown, "the bus is not connected; shared values live on the master"));
        }

        if (!gate.HasMaster(_link.Clock.Now))
        {
            return (null, new(InvocationError.NotServing, "this node has no master at the moment; shared values live there"));
        }

        var answer = await _requests.SendAsync(
            _link.Subjects.ToMaster(_link.Identity.Node, MessageTypes.KeyValue),
            id => _link.Subjects.FramesToNode(_link.Identity.Node, id),
            new(MessageTypes.KeyValue, default),
            message,
            s_wait,
            cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            { IsUnsent: true } => (null, new(InvocationError.BusDown, "the request for a shared value could not be sent")),
            { Body: null } => (null, new(InvocationError.NotServing, "no master listens; shared values live there")),
            { Body: { } body } when answer.Value.Sender.Instance == gate.Master => (body, FaultOf(body)),
            _ when message.Operation == KeyValueOperation.Set => (null, new(InvocationError.OutcomeUnknown, "the master did not answer; the value may be stored or not. Storing it again is harmless.")),
            _ => (null, new(InvocationError.NotServing, "the master did not answer; nobody knows the value")),
        };
    }

    private static HostFault? FaultOf(AnswerMessage answer) =>
        answer.Code == InvocationError.None ? null : new(answer.Code, answer.Text ?? "the master refused the request for a shared value");
}
