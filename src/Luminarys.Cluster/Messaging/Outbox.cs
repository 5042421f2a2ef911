using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;

namespace Luminarys.Cluster.Messaging;

/// <summary>Puts bodies into envelopes of this node and hands them to a bus. Thread-safe.</summary>
internal sealed class Outbox(NodeIdentity identity)
{
    private ulong _sequence;

    /// <summary>The subjects of this node's cluster.</summary>
    public Subjects Subjects { get; } = new(identity.Cluster);

    /// <summary>Sends one message; answers as <see cref="IBus.PublishAsync"/> does.</summary>
    public async ValueTask<InvocationError> SendAsync<T>(
        IBus bus, string subject, string? replyTo, MessageHead head, T body, CancellationToken cancellationToken)
        where T : IWireBody<T>
    {
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(buffer, Wrap(head), body);
        return buffer.Written.Length > bus.MaxPayload
            ? InvocationError.PayloadTooLarge
            : await bus.PublishAsync(subject, replyTo, buffer.Written, cancellationToken).ConfigureAwait(false);
    }

    private Envelope Wrap(MessageHead head) => new()
    {
        Type = head.Type,
        Cluster = identity.Cluster,
        Source = identity.Node,
        Incarnation = identity.Incarnation,
        Instance = identity.Instance,
        Epoch = identity.Epoch,
        Sequence = Interlocked.Increment(ref _sequence),
        Id = head.Id,
        TtlMs = head.TtlMs,
        Clock = head.Clock,
        ToInstance = head.ToInstance,
    };
}
