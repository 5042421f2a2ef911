using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Messaging;

/// <summary>Requests of transfers with one answer, on the traffic lane. Thread-safe.</summary>
internal sealed class TransferRequests(IBus traffic, Outbox outbox, TimeProvider time)
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(15);
    private readonly ControlRequests _requests = new(traffic, outbox, time);

    /// <summary>Asks; who does not answer is lost, and who is not reached at all is so at once.</summary>
    public async ValueTask<TransferAnswer> AskAsync(
        string subject, Func<CallId, string> replyTo, MessageHead head, TransferMessage message, string who, CancellationToken cancellationToken)
    {
        var answer = await _requests.SendAsync(subject, replyTo, head, message, s_wait, cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            { IsUnsent: true } => new(TransferFault.PeerLost, "the bus is not connected"),
            { Body: { } body } when body.Code != InvocationError.None => new(TransferFaults.Of(body.Code), body.Text ?? $"{who} refused"),
            { Body.Value: { } value } when Wire.TryRead<TransferAnswer>(value, out var read) => read,
            { Body: not null } => new(TransferFault.Protocol, $"{who} answered in words that this version does not know"),
            _ => new(TransferFault.PeerLost, $"{who} did not answer"),
        };
    }

    /// <summary>Takes an answer; false when nobody waits for it.</summary>
    public bool TryTake(in Received received) => _requests.TryTake(received);

    /// <summary>An answer as it travels.</summary>
    public static AnswerMessage Wrap(TransferAnswer answer) => AnswerMessage.Ok with { Value = TransferWire.ToBytes(answer) };
}
