namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>A call of another skill as a guest writes it.</summary>
/// <param name="Skill">Id of the skill; not checked yet.</param>
/// <param name="Method">Its method.</param>
/// <param name="Payload">Any MessagePack value; empty when it was left out.</param>
internal sealed record ModuleCall(string Skill, string Method, ReadOnlyMemory<byte> Payload);
