namespace Luminarys.Cluster;

/// <summary>A slave: runs skills for its master. Thread-safe.</summary>
public sealed class SlaveNode : IAsyncDisposable
{
    internal SlaveNode()
    {
    }

    /// <summary>Completes when the node must stop because another living process holds its node id. Never completes otherwise.</summary>
    public Task<NodeFault> Faulted => throw new NotSupportedException();

    /// <summary>Connects, deploys the own skills and serves. Null when the node serves.</summary>
    public ValueTask<NodeFault?> StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Takes no new call and lets the running ones finish, at most for <see cref="SlaveOptions.DrainLimit"/>.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
