namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>An open stream, or what the guest is told instead.</summary>
internal readonly record struct DialOutcome(Stream? Stream, string? Error)
{
    public static DialOutcome Failed(string error) => new(null, error);
}
