using System.Diagnostics.CodeAnalysis;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills;
using Luminarys.Skills.Descriptors;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Reads what came of starting a module's first instance.</summary>
internal static class StartReport
{
    /// <summary>What the module says it is, or why it says nothing and what to do.</summary>
    public static bool TryRead(
        StartOutcome outcome,
        ICollection<string> warnings,
        [NotNullWhen(true)] out SkillDescriptor? descriptor,
        [NotNullWhen(false)] out string? error)
    {
        descriptor = null;
        error = outcome.Fault is { } fault ? $"it did not start: {fault.Message}"
            : outcome.Descriptor.Length == 0 ? $"its {GuestAbi.Describe} answered nothing; build it again with a skill SDK"
            : null;
        if (error is null && !DescriptorCodec.TryRead(outcome.Descriptor, warnings, out descriptor, out var malformed))
        {
            error = $"its descriptor is malformed ({malformed}); build it again with a skill SDK";
        }

        return error is null;
    }
}
