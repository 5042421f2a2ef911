using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>What is said when a certificate was not trusted and the skill had asked not to check it.</summary>
internal static class InsecureTls
{
    public static Verdict Verdict { get; } = Verdict.Deny(
        "runtime.allow_insecure_tls: false, and the certificate is not trusted", "runtime.allow_insecure_tls: true (in the host's configuration)");
}
