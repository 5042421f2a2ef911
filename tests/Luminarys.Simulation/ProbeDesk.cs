using Luminarys.Cluster.Master;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Simulation;

/// <summary>Asks a process whether it lives, twice, half a second each: the instance probe under virtual time.</summary>
internal sealed class ProbeDesk(MasterLink link, Action<Action> afterWait)
{
    private readonly Dictionary<CallId, (Sender Newcomer, InstanceId Probed, Action<bool> Done)> _open = [];

    public void Ask(Sender newcomer, InstanceId probed, Action<bool> done)
    {
        if (_open.Values.All(probe => probe.Newcomer.Instance != newcomer.Instance))
        {
            Ask(newcomer, probed, done, tries: 2);
        }
    }

    /// <summary>Takes an answer to a probe; false when it is none.</summary>
    public bool TryTake(in Received received, InstanceId self)
    {
        if (!_open.Remove(received.Address.Answers!.Value, out var probe))
        {
            return false;
        }

        probe.Done(!received.IsNoResponders && received.Envelope.Instance == probe.Probed && received.Envelope.Instance != self);
        return true;
    }

    private void Ask(Sender newcomer, InstanceId probed, Action<bool> done, int tries)
    {
        var id = CallId.New(link.Clock.Time);
        _open[id] = (newcomer, probed, done);
        link.Outbox.Post(
            link.Buses.Control,
            link.Subjects.Ping(newcomer.Node, probed),
            link.Subjects.AnswerToMaster(newcomer.Node, id),
            new(MessageTypes.Ping, id, probed),
            EmptyMessage.Instance);
        afterWait(() =>
        {
            if (!_open.Remove(id) || !link.Buses.AreUp)
            {
                return;
            }

            if (tries > 1)
            {
                Ask(newcomer, probed, done, tries - 1);
            }
            else
            {
                done(false);
            }
        });
    }
}
