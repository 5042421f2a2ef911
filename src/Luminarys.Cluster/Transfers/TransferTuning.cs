namespace Luminarys.Cluster.Transfers;

/// <summary>Everything about a node's transfers that its options say.</summary>
/// <param name="Shared">What other nodes may reach; null for nothing.</param>
/// <param name="Pipes">Makes tunnels.</param>
/// <param name="Limits">How much at once.</param>
internal sealed record TransferTuning(SharedFiles? Shared, TransferPipes Pipes, TransferLimits Limits);
