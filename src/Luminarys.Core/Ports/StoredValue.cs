namespace Luminarys.Ports;

/// <summary>Answer to the question for a shared value.</summary>
/// <param name="Value">One MessagePack value; null when there is none, or when nobody could say.</param>
/// <param name="Fault">Why nobody could say; null when <paramref name="Value"/> is the answer.</param>
public readonly record struct StoredValue(ReadOnlyMemory<byte>? Value, HostFault? Fault = null);
