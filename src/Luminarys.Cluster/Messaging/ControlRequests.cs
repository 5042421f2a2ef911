using System.Collections.Concurrent;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Messaging;

/// <summary>Requests with one answer on the control lane. Thread-safe.</summary>
internal sealed class ControlRequests(IBus control, Outbox outbox, TimeProvider time)
{
    private readonly ConcurrentDictionary<CallId, TaskCompletionSource<ControlAnswer>> _waiting = new();

    /// <summary>Sends a request under an id of its own; null when nothing came in time.</summary>
    public async ValueTask<ControlAnswer?> SendAsync<T>(
        string subject, Func<CallId, string> replyTo, MessageHead head, T body, TimeSpan wait, CancellationToken cancellationToken)
        where T : IWireBody<T>
    {
        var id = CallId.New(time);
        var answer = new TaskCompletionSource<ControlAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            var error = await outbox.SendAsync(control, subject, replyTo(id), head with { Id = id }, body, cancellationToken).ConfigureAwait(false);
            return error == InvocationError.None
                ? await answer.Task.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false)
                : new ControlAnswer(default, null, IsUnsent: true);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Takes an answer; false when nobody waits for it.</summary>
    public bool TryTake(in Received received)
    {
        if (received.Address.Answers is not { } id || !_waiting.TryGetValue(id, out var answer))
        {
            return false;
        }

        if (received.IsNoResponders)
        {
            return answer.TrySetResult(default);
        }

        return received.Envelope.TryRead<AnswerMessage>(out var body) && answer.TrySetResult(new(Sender.Of(received.Envelope), body));
    }
}
