namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>What became of a payload that was asked for.</summary>
/// <param name="Bytes">The payload, checked; empty when it did not arrive.</param>
/// <param name="Fault">Why it did not arrive; null when it did.</param>
internal readonly record struct PayloadOutcome(ReadOnlyMemory<byte> Bytes, string? Fault);
