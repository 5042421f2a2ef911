using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Messaging.Payloads;
using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Master;

/// <summary>What the parts of a master need to talk to nodes.</summary>
/// <param name="Buses">Connections.</param>
/// <param name="Outbox">Out.</param>
/// <param name="Inbox">In.</param>
/// <param name="Probe">Instance probe.</param>
/// <param name="Clock">The node's clock.</param>
internal sealed record MasterLink(NodeBuses Buses, Outbox Outbox, Inbox Inbox, InstanceProbe Probe, NodeClock Clock)
{
    public Subjects Subjects => Outbox.Subjects;

    /// <summary>Arguments and results that do not fit one message.</summary>
    public PayloadExchange Payloads { get; } = new(new(Buses.Traffic, Outbox, Clock), Inbox);

    /// <summary>Whether messages are signed: then the bus is not believed to show only what is said now.</summary>
    public bool IsSigned { get; init; }

    /// <summary>
    /// Answers a request. The subject is built here from who asked, not taken from the message: an answer must not be led elsewhere.
    /// </summary>
    public void Answer<T>(Sender sender, RequestRef request, T body)
        where T : IWireBody<T> =>
        Outbox.Post(
            Buses.Control, Subjects.AnswerToNode(sender.Node, request.Id), null, new(request.Type, request.Id, sender.Instance), body);
}
