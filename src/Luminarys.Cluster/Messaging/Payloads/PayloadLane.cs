using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>Sends the messages of payloads.</summary>
/// <param name="Bus">The lane of calls.</param>
/// <param name="Outbox">Out.</param>
/// <param name="Clock">The node's clock.</param>
internal sealed record PayloadLane(IBus Bus, Outbox Outbox, NodeClock Clock)
{
    /// <summary>Largest payload that travels inside a message, and the size of the parts of a larger one, in bytes.</summary>
    public int InlineLimit => Math.Clamp(Bus.MaxPayload - ProtocolLimits.EnvelopeRoom, PayloadClaim.MinPart, ProtocolLimits.InlinePayload);

    /// <summary>Asks for parts. Posted: a question that is lost is asked again.</summary>
    public void Ask(PayloadPeer holder, CallId payload, MoreMessage more) =>
        Outbox.Post(Bus, Subject(holder, MessageTypes.More), null, new(MessageTypes.More, payload, holder.Instance), more);

    /// <summary>Sends one part.</summary>
    public ValueTask<InvocationError> SendAsync(PayloadPeer reader, CallId payload, PartMessage part) => Outbox.SendAsync(
        Bus, Subject(reader, MessageTypes.Part), null, new(MessageTypes.Part, payload, reader.Instance), part, CancellationToken.None);

    private string Subject(PayloadPeer peer, string type) =>
        peer.Node is { } node ? Outbox.Subjects.ToNode(node, type) : Outbox.Subjects.ToMaster(Outbox.Self, type);
}
