using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Master;

/// <summary>What the master says to nodes about calls. Thread-safe.</summary>
internal sealed class CallPost(NodeBuses buses, Outbox outbox, NodeClock clock)
{
    /// <summary>Sends a call. The caller's token must not end the sending: a message half handed over would leave open whether it was sent.</summary>
    public ValueTask<InvocationError> SendAsync(Peer peer, PendingCall call, CallMessage message)
    {
        var head = new MessageHead(MessageTypes.Call, call.Id, peer.Instance)
        {
            TtlMs = (uint)Math.Min(message.LeftMs, uint.MaxValue),
            Clock = new(peer.T0, (long)(call.HeardAt - peer.HeardAt).TotalMilliseconds),
        };
        var subjects = outbox.Subjects;
        return outbox.SendAsync(
            buses.Traffic, subjects.ToNode(peer.Node, MessageTypes.Call), subjects.Frames(peer.Node, call.Id), head, message, CancellationToken.None);
    }

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
}
