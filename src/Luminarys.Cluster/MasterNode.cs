namespace Luminarys.Cluster;

/// <summary>A master: owns the registry and routes calls. Thread-safe.</summary>
public sealed class MasterNode : IAsyncDisposable
{
    internal MasterNode()
    {
    }

    /// <summary>Completes when the node must stop because another living master holds its place. Never completes otherwise.</summary>
    public Task<NodeFault> Faulted => throw new NotSupportedException();

    /// <summary>Connects, deploys the own skills and serves. Null when the node serves.</summary>
    public ValueTask<NodeFault?> StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Takes no new call and lets the running ones finish, at most for <see cref="MasterOptions.DrainLimit"/>.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
