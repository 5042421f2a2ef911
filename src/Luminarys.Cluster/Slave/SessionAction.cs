using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>What a session wants done, in this order.</summary>
internal abstract record SessionAction
{
    private SessionAction()
    {
    }

    /// <summary>Send a message to the master.</summary>
    internal sealed record Send(string Type, CallId Id, object Body) : SessionAction
    {
        /// <summary>The process that is meant; null for whoever is master.</summary>
        public InstanceId? To { get; init; }
    }

    /// <summary>Keep the incarnation, before anything further is sent.</summary>
    internal sealed record KeepIncarnation(ulong Incarnation) : SessionAction;

    /// <summary>Tell the operator about a refusal.</summary>
    internal sealed record Warn(string Type, AnswerMessage Answer) : SessionAction;

    /// <summary>Count a message that was not believed.</summary>
    internal sealed record Drop(string Reason) : SessionAction;

    /// <summary>The node must stop.</summary>
    internal sealed record Fail(NodeFault Fault) : SessionAction;

    /// <summary>A request of the shutdown was answered.</summary>
    internal sealed record LeaveAnswered : SessionAction;
}
