namespace Luminarys.Transfers;

/// <summary>Why a request about transfers was not done.</summary>
/// <param name="Fault">Why not.</param>
/// <param name="Text">More about it, and whose refusal it is.</param>
public sealed record TransferRefusal(TransferFault Fault, string Text);
