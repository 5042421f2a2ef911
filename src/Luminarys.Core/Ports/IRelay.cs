using Luminarys.Transfers;

namespace Luminarys.Ports;

/// <summary>Byte channel between two nodes that cannot dial each other.</summary>
public interface IRelay
{
    /// <summary>
    /// Joins the ticket's channel and waits for the other side. The stream is bidirectional, carries back-pressure, and is owned by the caller;
    /// closing it ends both directions for both sides, after what was written has arrived.
    /// </summary>
    ValueTask<RelayChannel> OpenAsync(TransferTicket ticket, CancellationToken cancellationToken);
}
