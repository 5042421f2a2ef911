using Luminarys.Cluster.Messaging.Payloads;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave.SkillCalls;

/// <summary>A call of one of this node's skills that the master has not answered. Changed by its <see cref="SkillCallTable"/> only.</summary>
internal sealed class PendingSkillCall(CallId id, InstanceId master, ulong number, TimeSpan? deadline)
{
    private readonly TaskCompletionSource<InvocationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CallId Id { get; } = id;

    /// <summary>The master's process that it goes to.</summary>
    public InstanceId Master { get; } = master;

    /// <summary>Number of the call between the two processes.</summary>
    public ulong Number { get; } = number;

    /// <summary>The node's incarnation when it was made.</summary>
    public ulong Incarnation { get; set; }

    /// <summary>When it must have ended; null for never.</summary>
    public TimeSpan? Deadline { get; } = deadline;

    /// <summary>When it was sent, or heard of; null while it is being sent.</summary>
    public TimeSpan? HeardAt { get; set; }

    /// <summary>Whether the master said that it has it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Questions about the call since it was heard of.</summary>
    public int Queries { get; set; }

    /// <summary>When the last one was asked.</summary>
    public TimeSpan QueriedAt { get; set; }

    /// <summary>The result that is on its way in parts, or null.</summary>
    public PayloadFetch? Fetch { get; set; }

    /// <summary>The one answer.</summary>
    public Task<InvocationResult> Completion => _completion.Task;

    /// <summary>Gives the caller a defect of the bus in place of an answer; nothing when there is one.</summary>
    public void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <summary>Gives the one answer; later ones are ignored.</summary>
    public void Complete(InvocationResult result) => _completion.TrySetResult(result);
}
