using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>A payload that is being asked for. Thread-safe.</summary>
internal sealed class PayloadFetch(PayloadReader reader, PayloadPeer holder, PayloadClaim claim)
{
    private readonly TaskCompletionSource<PayloadOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PayloadPeer Holder { get; } = holder;

    public PayloadClaim Claim { get; } = claim;

    /// <summary>What has come of it; null while it waits for its turn. Changed by its reader only.</summary>
    public IncomingPayload? Incoming { get; set; }

    /// <summary>Ends with the payload, or with the reason why there is none.</summary>
    public Task<PayloadOutcome> Completion => _completion.Task;

    /// <summary>Nobody wants it any more. Of no effect when it has ended.</summary>
    public void Abandon() => reader.End(this, new(default, "nobody waits for it any more"));

    /// <summary>Gives the outcome; the first one counts.</summary>
    public void Complete(PayloadOutcome outcome) => _completion.TrySetResult(outcome);
}
