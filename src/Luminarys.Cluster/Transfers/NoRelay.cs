using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>Where no relay is registered: every transfer takes the bus.</summary>
internal sealed class NoRelay : IRelay
{
    /// <inheritdoc/>
    public ValueTask<RelayChannel> OpenAsync(TransferTicket ticket, CancellationToken cancellationToken) => new((RelayChannel)RelayFault.Unreachable);
}
