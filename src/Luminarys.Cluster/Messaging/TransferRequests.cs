using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Messaging;

/// <summary>Requests of transfers with one answer, on the traffic lane. Thread-safe.</summary>
internal sealed class TransferRequests(IBus traffic, Outbox outbox, TimeProvider time)
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private readonly ControlRequests _requests = new(traffic, outbox, time);

    /// <summary>Asks; who does not answer is lost, who is not reached at all is so at once, and a process that has been replaced soon after.</summary>
    /// <param name="subject">Where to.</param>
    /// <param name="replyTo">Where the answer comes.</param>
    /// <param name="head">Names the process that is asked.</param>
    /// <param name="message">What is asked.</param>
    /// <param name="who">Who is asked, in words, and which process that is by now.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async ValueTask<TransferAnswer> AskAsync(
        string subject, Func<CallId, string> replyTo, MessageHead head, TransferMessage message, (string Name, Func<InstanceId?> Process) who, CancellationToken cancellationToken)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = _requests.SendAsync(subject, replyTo, head, message, s_wait, gone.Token).AsTask();
        if (head.ToInstance is { } asked)
        {
            await WatchAsync(asking, () => who.Process() != asked, gone).ConfigureAwait(false);
        }

        try
        {
            return Read(await asking.ConfigureAwait(false), who.Name);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(TransferFault.PeerLost, $"{who.Name} was restarted before it answered");
        }
    }

    /// <summary>Takes an answer; false when nobody waits for it.</summary>
    public bool TryTake(in Received received) => _requests.TryTake(received);

    /// <summary>An answer as it travels.</summary>
    public static AnswerMessage Wrap(TransferAnswer answer) => AnswerMessage.Ok with { Value = TransferWire.ToBytes(answer) };

    private async Task WatchAsync(Task asking, Func<bool> isGone, CancellationTokenSource gone)
    {
        while (!asking.IsCompleted)
        {
            using var look = new CancellationTokenSource();
            await Task.WhenAny(asking, Task.Delay(s_look, time, look.Token)).ConfigureAwait(false);
            await look.CancelAsync().ConfigureAwait(false);
            if (!asking.IsCompleted && isGone())
            {
                await gone.CancelAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private static TransferAnswer Read(ControlAnswer? answer, string who) =>
        answer switch
        {
            { IsUnsent: true } => new(TransferFault.PeerLost, "the bus is not connected"),
            { Body: { } body } when body.Code != InvocationError.None => new(TransferFaults.Of(body.Code), body.Text ?? $"{who} refused"),
            { Body.Value: { } value } when Wire.TryRead<TransferAnswer>(value, out var read) => read,
            { Body: not null } => new(TransferFault.Protocol, $"{who} answered in words that this version does not know"),
            _ => new(TransferFault.PeerLost, $"{who} did not answer"),
        };
}
