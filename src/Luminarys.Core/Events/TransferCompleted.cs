using Luminarys.Transfers;

namespace Luminarys.Events;

/// <summary>A file has arrived: the receiver has it, verified and stored.</summary>
/// <param name="Progress">How far it is.</param>
public sealed record TransferCompleted(TransferProgress Progress) : IDomainEvent;
