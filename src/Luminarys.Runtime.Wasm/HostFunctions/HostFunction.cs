using System.Buffers;
using Luminarys.Runtime.Wasm.Engine;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// One function that guests may import. Runs on the guest's thread, reads its request and writes its answer as MessagePack. The request has
/// passed <see cref="Abi.MessageGuard"/>.
/// </summary>
/// <returns>Null, or what went wrong, for the guest.</returns>
internal delegate string? HostFunction(SkillInstance instance, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer);
