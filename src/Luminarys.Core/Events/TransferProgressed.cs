using Luminarys.Transfers;

namespace Luminarys.Events;

/// <summary>A file is on its way: told once each second, and when another attempt begins.</summary>
/// <param name="Progress">How far it is.</param>
public sealed record TransferProgressed(TransferProgress Progress) : IDomainEvent;
