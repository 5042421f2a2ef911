namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>Why a pattern is refused.</summary>
/// <param name="IsUnsupported">Whether it is right somewhere else, such as with a back-reference; else it is wrong.</param>
/// <param name="Reason">What about it.</param>
internal sealed record Re2Fault(bool IsUnsupported, string Reason)
{
    /// <summary>It is wrong.</summary>
    public static Re2Fault Invalid(string reason) => new(false, reason);

    /// <summary>Not here.</summary>
    public static Re2Fault Unsupported(string reason) => new(true, reason);
}
