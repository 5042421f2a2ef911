using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>What a skill learns of a call that it asked for.</summary>
/// <param name="Payload">The result as the other skill returned it; empty without one.</param>
/// <param name="Error">Why there is none; empty when there is.</param>
internal readonly record struct CallOutcome(ReadOnlyMemory<byte> Payload, string Error)
{
    /// <summary>A result or an error in the guest's words: the other skill's own text as it is, the host's with its code in front.</summary>
    public static CallOutcome Of(in InvocationResult result) => result.Error switch
    {
        InvocationError.None => new(result.Payload, ""),
        InvocationError.SkillError => new(default, result.Message is { Length: > 0 } text ? text : "the skill failed"),
        InvocationError.Denied => new(default, PermissionGate.Denied),
        _ => new(default, $"{result.Error.ToCode()}: {result.Message}"),
    };
}
