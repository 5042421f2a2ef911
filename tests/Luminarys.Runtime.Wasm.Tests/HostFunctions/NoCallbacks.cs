using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

/// <summary>A skill that cannot be called back.</summary>
internal sealed class NoCallbacks : ISkillCallbacks
{
    public bool HasMethod(string method) => false;

    public ValueTask<InvocationResult> DeliverAsync(string method, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        new(InvocationResult.Failure(InvocationError.NoSuchMethod, "the skill cannot be called back"));
}
