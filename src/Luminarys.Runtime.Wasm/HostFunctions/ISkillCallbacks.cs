using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>The way back from the host to a skill's own methods. Thread-safe. Callbacks of one skill run one at a time and never interrupt a call.</summary>
internal interface ISkillCallbacks
{
    /// <summary>Whether the skill has a method of that name.</summary>
    bool HasMethod(string method);

    /// <summary>
    /// Calls the skill's method with these arguments (one MessagePack map) and completes when it has returned. Errors are logged here; the result is
    /// for those who must know.
    /// </summary>
    ValueTask<InvocationResult> DeliverAsync(string method, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);
}
