using Luminarys.Transfers;

namespace Luminarys.Events;

/// <summary>A file has begun to go from one node to another.</summary>
/// <param name="Progress">How far it is.</param>
public sealed record TransferStarted(TransferProgress Progress) : IDomainEvent;
