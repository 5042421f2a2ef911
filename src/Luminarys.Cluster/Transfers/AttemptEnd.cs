using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>How an attempt ended.</summary>
/// <param name="Fault">Why without the file; none when the sink has it.</param>
/// <param name="Hash">Of the whole file, when the sink has it, and when only its confirmation is missing.</param>
internal sealed record AttemptEnd(TransferFault Fault, ContentHash? Hash = null)
{
    /// <summary>Whether another attempt may end better.</summary>
    public bool IsWorthAnother => Fault is TransferFault.PeerLost or TransferFault.NoCarrier or TransferFault.Busy or TransferFault.Corrupt;
}
