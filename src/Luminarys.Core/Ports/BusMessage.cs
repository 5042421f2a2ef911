namespace Luminarys.Ports;

/// <summary>A message that arrived on a subscription.</summary>
/// <param name="Subject">Subject it was sent to.</param>
/// <param name="ReplyTo">Subject to answer on; null when no answer is wanted.</param>
/// <param name="Payload">Bytes; valid until the handler returns.</param>
/// <param name="Kind">Data, or a notice of the bus itself.</param>
public readonly record struct BusMessage(string Subject, string? ReplyTo, ReadOnlyMemory<byte> Payload, BusMessageKind Kind);
