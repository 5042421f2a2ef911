using Luminarys.Ports;

namespace Luminarys.Cluster.Transfers;

/// <summary>A transfer that a skill of this node waits for and another node runs. Thread-safe.</summary>
/// <param name="plan">What was asked for.</param>
/// <param name="files">What the skill may open on this node.</param>
internal sealed class WantedTransfer(TransferPlan plan, ITransferFiles files) : IDisposable
{
    private readonly SemaphoreSlim _told = new(0);
    private volatile TransferReport? _report;

    public TransferPlan Plan => plan;

    public ITransferFiles Files => files;

    /// <summary>The node that runs it says how far it is.</summary>
    public void Tell(TransferReport report)
    {
        _report = report;
        _told.Release();
    }

    /// <summary>Waits for news; null when none came in time.</summary>
    public async ValueTask<TransferReport?> WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(wait, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _told.WaitAsync(both.Token).ConfigureAwait(false);
            return _report;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _told.Dispose();
}
