using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;
using Luminarys.Ports;

namespace Luminarys.Cluster.Master;

/// <summary>Asks whether exactly one process lives. Thread-safe.</summary>
internal sealed class InstanceProbe(ControlRequests requests, Outbox outbox, IBus control)
{
    private const int Tries = 2;
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the process answers as a master: asked as one that looks for another, because masters answer no probe.</summary>
    public async ValueTask<bool> IsMasterAsync(NodeId self, InstanceId instance, CancellationToken cancellationToken)
    {
        var answer = await requests.SendAsync(
            outbox.Subjects.ToMaster(self, MessageTypes.Hello),
            id => outbox.Subjects.AnswerToNode(self, id),
            new(MessageTypes.Hello, default, instance),
            new HelloMessage(ProtocolLimits.Version, ProtocolLimits.Version, NodeRole.Master, 0),
            s_wait,
            cancellationToken).ConfigureAwait(false);
        return answer?.Body is not null && answer.Value.Sender.Instance == instance;
    }

    /// <summary>
    /// True when the process answered; false when nobody listens, or twice nobody answered in time. Null when it could not be asked: who is cut off
    /// the bus learns nothing about others.
    /// </summary>
    public async ValueTask<bool?> IsAliveAsync(NodeId node, InstanceId instance, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tries; i++)
        {
            var answer = await requests.SendAsync(
                outbox.Subjects.Ping(node, instance),
                id => outbox.Subjects.AnswerToMaster(node, id),
                new(MessageTypes.Ping, default, instance),
                EmptyMessage.Instance,
                s_wait,
                cancellationToken).ConfigureAwait(false);
            if (answer is { IsUnsent: true } || (answer is null && control.Status != BusStatus.Up))
            {
                return null;
            }

            if (answer is not null)
            {
                return answer.Value.Sender.Instance == instance;
            }
        }

        return false;
    }
}
