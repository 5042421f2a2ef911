namespace Luminarys.Mcp.Arguments;

/// <summary>Arguments ready for the guest, or what is wrong with them.</summary>
/// <param name="Payload">One MessagePack map.</param>
/// <param name="Problem">Text for the client; null when the arguments are good.</param>
internal readonly record struct EncodedArguments(ReadOnlyMemory<byte> Payload, string? Problem);
