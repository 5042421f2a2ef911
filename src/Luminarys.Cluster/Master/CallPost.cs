using System.Collections.Concurrent;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>What the master says to nodes about calls. Thread-safe.</summary>
/// <param name="buses">Connections.</param>
/// <param name="outbox">Out.</param>
/// <param name="clock">The master's clock.</param>
/// <param name="sent">Told of each call whether the bus took it.</param>
internal sealed class CallPost(NodeBuses buses, Outbox outbox, NodeClock clock, Action<PendingCall, InvocationError> sent)
{
    private readonly ConcurrentDictionary<NodeId, BundleQueue<PendingCall>> _queues = new();

    /// <summary>
    /// Sends a call, with others when there are many. The caller's token must not end the sending: a message half handed over would leave open whether it was sent.
    /// </summary>
    public void Deliver(Peer peer, PendingCall call, CallMessage message)
    {
        try
        {
            var head = new MessageHead(MessageTypes.Call, call.Id, peer.Instance)
            {
                TtlMs = (uint)Math.Min(message.LeftMs, uint.MaxValue),
                Clock = new(peer.T0, (long)(call.HeardAt - peer.HeardAt).TotalMilliseconds),
            };
            var subject = outbox.Subjects.ToNode(peer.Node, MessageTypes.Call);
            if (peer.TakesBundles && call.IsOneOfMany && message.Payload.Length < Bundle.MaxPayload)
            {
                QueueOf(peer.Node).Add(call, call.Id, outbox.Wrap(subject, head, message));
                return;
            }

            var sending = outbox.SendAsync(buses.Traffic, subject, outbox.Subjects.Frames(peer.Node, call.Id), head, message, CancellationToken.None);
            if (sending.IsCompletedSuccessfully)
            {
                sent(call, sending.Result);
            }
            else
            {
                _ = AwaitSentAsync(call, sending);
            }
        }
#pragma warning disable CA1031 // Nobody awaits the sending: the defect goes to the one who awaits the call.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Sent(call, InvocationError.Internal, exception);
        }
    }

    /// <summary>The node is gone.</summary>
    public void Forget(NodeId node) => _queues.TryRemove(node, out _);

    /// <summary>Has a call ended, or never begun.</summary>
    public void Cancel(PendingCall call) => outbox.Post(
        buses.Control,
        outbox.Subjects.ToNode(call.Node, MessageTypes.Cancel),
        null,
        new(MessageTypes.Cancel, call.Id, call.Instance),
        new CancelMessage(call.Number, 1));

    /// <summary>Asks what became of calls: one message for many of one process. Posted: a question that is lost is asked again.</summary>
    public void Query(IReadOnlyCollection<PendingCall> calls)
    {
        foreach (var node in calls.GroupBy(call => (call.Node, call.Instance)))
        {
            foreach (var page in node.Chunk(QueryMessage.MaxCalls))
            {
                outbox.Post(
                    buses.Control,
                    outbox.Subjects.ToNode(node.Key.Node, MessageTypes.Query),
                    null,
                    new(MessageTypes.Query, CallId.New(clock.Time), node.Key.Instance),
                    new QueryMessage([.. page.Select(call => (call.Id, call.Number))]));
            }
        }
    }

    private BundleQueue<PendingCall> QueueOf(NodeId node) => _queues.TryGetValue(node, out var queue) ? queue
        : _queues.GetOrAdd(node, new BundleQueue<PendingCall>(buses.Traffic, outbox.Subjects.ToNode(node, MessageTypes.Bundle), NoticesTo, Sent));

    // The bus names one call when nobody listens; that one knows the others.
    private string NoticesTo(IReadOnlyList<PendingCall> calls)
    {
        calls[0].Bundle = [.. calls];
        return outbox.Subjects.Frames(calls[0].Node, calls[0].Id);
    }

    private async Task AwaitSentAsync(PendingCall call, ValueTask<InvocationError> sending)
    {
        try
        {
            sent(call, await sending.ConfigureAwait(false));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Sent(call, InvocationError.Internal, exception);
        }
    }

    private void Sent(PendingCall call, InvocationError error, Exception? defect)
    {
        if (defect is not null)
        {
            call.Fail(defect);
        }

        sent(call, error);
    }
}
