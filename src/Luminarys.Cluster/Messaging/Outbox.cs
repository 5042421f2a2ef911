using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Signing;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;

namespace Luminarys.Cluster.Messaging;

/// <summary>Puts bodies into envelopes of this node and hands them to a bus. Thread-safe.</summary>
internal sealed class Outbox(NodeIdentity identity, NodeSigner? signer = null)
{
    private ulong _sequence;

    /// <summary>This node.</summary>
    public NodeId Self => identity.Node;

    /// <summary>The subjects of this node's cluster.</summary>
    public Subjects Subjects { get; } = new(identity.Cluster);

    /// <summary>Makes one message for the subject that it is to come from. The caller disposes of it.</summary>
    public PooledBuffer Wrap<T>(string subject, MessageHead head, T body)
        where T : IWireBody<T>
    {
        var buffer = new PooledBuffer();
        if (signer is null)
        {
            EnvelopeCodec.Write(buffer, Wrap(head), body);
        }
        else
        {
            WriteSealed(signer, buffer, subject, head, body);
        }

        return buffer;
    }

    /// <summary>Sends one message; answers as <see cref="IBus.PublishAsync"/> does.</summary>
    public ValueTask<InvocationError> SendAsync<T>(
        IBus bus, string subject, string? replyTo, MessageHead head, T body, CancellationToken cancellationToken)
        where T : IWireBody<T>
    {
        var buffer = Wrap(subject, head, body);
        var isSending = false;
        try
        {
            if (buffer.Written.Length > bus.MaxPayload)
            {
                return new(InvocationError.PayloadTooLarge);
            }

            var sending = bus.PublishAsync(subject, replyTo, buffer.Written, cancellationToken);
            isSending = !sending.IsCompletedSuccessfully;
            return isSending ? FinishAsync(sending, buffer) : sending;
        }
        catch (ObjectDisposedException)
        {
            // The node is being taken down; to the sender that is a bus that is gone.
            return new(InvocationError.BusDown);
        }
        finally
        {
            if (!isSending)
            {
                buffer.Dispose();
            }
        }
    }

    /// <summary>Sends one message that nobody waits for; what the bus cannot take is lost, and the protocol recovers by itself.</summary>
    public void Post<T>(IBus bus, string subject, string? replyTo, MessageHead head, T body)
        where T : IWireBody<T>
    {
        var sending = SendAsync(bus, subject, replyTo, head, body, CancellationToken.None);
        if (!sending.IsCompleted)
        {
            _ = sending.AsTask();
        }
    }

    private static async ValueTask<InvocationError> FinishAsync(ValueTask<InvocationError> sending, PooledBuffer buffer)
    {
        try
        {
            return await sending.ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            return InvocationError.BusDown;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private void WriteSealed<T>(NodeSigner by, PooledBuffer buffer, string subject, MessageHead head, T body)
        where T : IWireBody<T>
    {
        var addressed = head with { ToInstance = head.ToInstance ?? by.Addressee(head.Type) };
        var shared = by.SharedWith(addressed.Type, addressed.ToInstance);
        EnvelopeCodec.Write(buffer, Wrap(addressed), body, EnvelopeCodec.CountOf(isSigned: shared is null));
        by.Seal(buffer, subject, shared);
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
