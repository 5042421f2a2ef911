using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Messaging.Payloads;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave.SkillCalls;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Slave;

/// <summary>What the parts of a slave need to talk to the master.</summary>
/// <param name="Identity">This process.</param>
/// <param name="Buses">Connections.</param>
/// <param name="Outbox">Out.</param>
/// <param name="Inbox">In.</param>
/// <param name="Clock">The node's clock.</param>
internal sealed record SlaveLink(NodeIdentity Identity, NodeBuses Buses, Outbox Outbox, Inbox Inbox, NodeClock Clock)
{
    public Subjects Subjects => Outbox.Subjects;

    /// <summary>Arguments and results that do not fit one message.</summary>
    public PayloadExchange Payloads { get; } = new(new(Buses.Traffic, Outbox, Clock), Inbox);

    /// <summary>The master's clock.</summary>
    public MasterClock MasterClock { get; } = new();

    /// <summary>Whether the message is meant for this very process.</summary>
    public bool IsForUs(Envelope envelope) => envelope.ToInstance == Identity.Instance;

    /// <summary>Sends the master a frame of a call.</summary>
    public ValueTask<InvocationError> SendFrameAsync(CallId call, CallFrame frame) => Outbox.SendAsync(
        Buses.Traffic, Subjects.Frames(Identity.Node, call), null, new(MessageTypes.Frame, call), frame, CancellationToken.None);

    /// <summary>Makes the message of a frame, which is to come from the subject that <see cref="SendFrameAsync"/> uses.</summary>
    public PooledBuffer WrapFrame(CallId call, CallFrame frame) => Outbox.Wrap(Subjects.Frames(Identity.Node, call), new(MessageTypes.Frame, call), frame);

    /// <summary>Sends the master a frame that nobody waits for.</summary>
    public void PostFrame(CallId call, CallFrame frame) =>
        Outbox.Post(Buses.Traffic, Subjects.Frames(Identity.Node, call), null, new(MessageTypes.Frame, call), frame);

    /// <summary>Answers a control request of the master.</summary>
    public void Answer(string type, CallId id, AnswerMessage answer) =>
        Outbox.Post(Buses.Control, Subjects.AnswerToMaster(Identity.Node, id), null, new(type, id), answer);
}
