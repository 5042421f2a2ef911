namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>What a guest answered. The memories are parts of the buffer it was read from.</summary>
/// <param name="Payload">The bare return value; empty for none.</param>
/// <param name="State">New state; empty keeps the old one.</param>
/// <param name="Error">Why the method failed; empty when it did not.</param>
/// <param name="LlmContext">Further text for the model; empty for none.</param>
/// <param name="HasCommands">Whether the guest asked the host to do something afterwards.</param>
internal readonly record struct GuestResponse(
    ReadOnlyMemory<byte> Payload,
    ReadOnlyMemory<byte> State,
    string Error,
    string LlmContext,
    bool HasCommands);
