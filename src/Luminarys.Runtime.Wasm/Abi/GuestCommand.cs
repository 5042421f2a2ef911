using Luminarys.Skills.Messages;

namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>One thing that a guest asked the host to do after its call.</summary>
/// <param name="Type">What.</param>
/// <param name="Fields">Its fields: one MessagePack map that has passed <see cref="MessageGuard"/>.</param>
internal sealed record GuestCommand(string Type, ReadOnlyMemory<byte> Fields);
