using Luminarys.Transfers;

namespace Luminarys.Events;

/// <summary>A file has not arrived, or nobody can say so; its fault tells why. What has come may be kept for another transfer.</summary>
/// <param name="Progress">How far it is.</param>
public sealed record TransferFailed(TransferProgress Progress) : IDomainEvent;
