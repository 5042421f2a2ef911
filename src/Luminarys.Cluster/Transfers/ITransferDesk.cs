using Luminarys.Cluster.Protocol.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>The master as a node's transfers see it: over the bus, or in the same process. Thread-safe.</summary>
internal interface ITransferDesk
{
    /// <summary>Asks it; a master that does not answer is a fault like others.</summary>
    ValueTask<TransferAnswer> AskAsync(TransferMessage message, CancellationToken cancellationToken);
}
