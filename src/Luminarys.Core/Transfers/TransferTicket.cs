using Luminarys.Nodes;

namespace Luminarys.Transfers;

/// <summary>One-time key that lets one side of a transfer join its channel at the relay.</summary>
/// <param name="Transfer">Name of the transfer, the same for both sides.</param>
/// <param name="Role">The side that this ticket admits.</param>
/// <param name="Node">The node that may use it.</param>
/// <param name="NotAfter">When it expires.</param>
public sealed record TransferTicket(UInt128 Transfer, TransferRole Role, NodeId Node, DateTimeOffset NotAfter)
{
    /// <summary>Which attempt of the transfer it is for. A later one replaces an earlier one at the relay.</summary>
    public uint Attempt { get; init; }

    /// <summary>Where the relay listens, as <c>host:port</c>; empty for a relay in this process.</summary>
    public string RelayAddress { get; init; } = "";

    /// <summary>What the relay reads: see <see cref="RelayTicket"/>. Worth nothing without the <see cref="JoinKey"/>.</summary>
    public ReadOnlyMemory<byte> Sealed { get; init; }

    /// <summary>Proves that the ticket was given to its holder. A secret; it travels on the bus only.</summary>
    public ReadOnlyMemory<byte> JoinKey { get; init; }
}
