using Luminarys.Nodes;

namespace Luminarys.Transfers;

/// <summary>One-time key that lets one side of a transfer join its channel at the relay.</summary>
/// <param name="Transfer">Name of the transfer, the same for both sides.</param>
/// <param name="Role">The side that this ticket admits.</param>
/// <param name="Node">The node that may use it.</param>
/// <param name="NotAfter">When it expires.</param>
public sealed record TransferTicket(UInt128 Transfer, TransferRole Role, NodeId Node, DateTimeOffset NotAfter);
