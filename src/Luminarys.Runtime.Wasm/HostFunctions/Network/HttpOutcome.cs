namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>An answer, or what the guest is told instead.</summary>
internal readonly record struct HttpOutcome(HttpAnswer? Answer, string? Error)
{
    public static HttpOutcome Failed(string error) => new(null, error);
}
