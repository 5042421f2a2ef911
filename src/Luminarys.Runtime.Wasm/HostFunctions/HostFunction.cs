using System.Buffers;
using Luminarys.Skills.Messages;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// One function that guests may import. Runs on the guest's own thread, where it may block as long as it watches
/// <see cref="HostCall.Cancellation"/>. The request has passed <see cref="MessageGuard"/>; it and the answer are MessagePack.
/// </summary>
/// <returns>Null, or what went wrong, for the guest. A denial is <see cref="PermissionGate.Denied"/>.</returns>
internal delegate string? HostFunction(HostCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer);
