using Luminarys.Cluster.Messaging.Payloads;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>A remote call that has not ended. Changed by its <see cref="CallTable"/> only.</summary>
internal sealed class PendingCall(CallId id, NodeId node, InstanceId instance, ulong number)
{
    private readonly TaskCompletionSource<InvocationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CallId Id { get; } = id;

    public NodeId Node { get; } = node;

    public InstanceId Instance { get; } = instance;

    /// <summary>Number of the call between the master and the node's process.</summary>
    public ulong Number { get; } = number;

    public CallState State { get; set; }

    /// <summary>When it was sent, or heard of.</summary>
    public TimeSpan HeardAt { get; set; }

    /// <summary>When its node's process was heard of, or probed.</summary>
    public TimeSpan ProbedAt { get; set; }

    /// <summary>Whether the last probe found nobody.</summary>
    public bool IsNodeDead { get; set; }

    /// <summary>Questions about the call since it was heard of.</summary>
    public int Queries { get; set; }

    /// <summary>When the last one was asked.</summary>
    public TimeSpan QueriedAt { get; set; }

    /// <summary>When it must have ended; null for never.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The result that is on its way in parts, or null.</summary>
    public PayloadFetch? Fetch { get; set; }

    /// <summary>Told what the node says about the call while it runs; null when nobody asks.</summary>
    public IProgress<CallProgress>? Progress { get; set; }

    /// <summary>Whether so many calls of its process are open that it pays to send them together.</summary>
    public bool IsOneOfMany { get; init; }

    /// <summary>The calls that it travels with, itself included, when the bus would name this one to say that nobody listens; null when it would not.</summary>
    public IReadOnlyList<PendingCall>? Bundle { get; set; }

    /// <summary>The one answer.</summary>
    public Task<InvocationResult> Completion => _completion.Task;

    /// <summary>Gives the caller a defect of the bus in place of an answer; nothing when there is one.</summary>
    public void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <summary>Gives the one answer; later ones are ignored.</summary>
    public void Complete(InvocationResult result) => _completion.TrySetResult(result);
}
