namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>What a guest answered. The memories are parts of the buffer it was read from.</summary>
/// <param name="Payload">The bare return value; empty for none.</param>
/// <param name="State">New state; empty keeps the old one.</param>
/// <param name="Error">Why the method failed; empty when it did not.</param>
/// <param name="LlmContext">Further text for the model; empty for none.</param>
/// <param name="Commands">What the host shall do afterwards: a MessagePack array as the guest wrote it, for <see cref="CommandCodec"/>; empty for nothing.</param>
internal readonly record struct GuestResponse(
    ReadOnlyMemory<byte> Payload,
    ReadOnlyMemory<byte> State,
    string Error,
    string LlmContext,
    ReadOnlyMemory<byte> Commands);
