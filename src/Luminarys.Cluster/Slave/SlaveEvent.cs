using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Invocations;
using Luminarys.Skills;

namespace Luminarys.Cluster.Slave;

/// <summary>Something that concerns the slave's session.</summary>
internal abstract record SlaveEvent
{
    private SlaveEvent()
    {
    }

    /// <summary>A connection broke or came back.</summary>
    internal sealed record BusChanged : SlaveEvent;

    /// <summary>The node's skills changed.</summary>
    internal sealed record Offer(ImmutableArray<Skill> Skills) : SlaveEvent
    {
        /// <summary>Completes when it is on its way.</summary>
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The node stops: <paramref name="IsLast"/> tells whether it leaves now.</summary>
    internal sealed record Stop(bool IsLast) : SlaveEvent;

    /// <summary>A message of the master.</summary>
    internal sealed record Message(Sender Master, string Type, CallId Id, object Body) : SlaveEvent;

    /// <summary>Nobody listens for a request.</summary>
    internal sealed record Unheard(CallId Id) : SlaveEvent;
}
