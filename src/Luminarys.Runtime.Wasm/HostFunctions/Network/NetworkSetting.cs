using System.Security.Cryptography.X509Certificates;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>What the network functions stand on. Tests replace parts of it.</summary>
internal sealed record NetworkSetting
{
    /// <summary>The real network with all defences.</summary>
    public static NetworkSetting Standard { get; } = new();

    public NetworkDefences Defences { get; init; } = NetworkDefences.All;

    public INameResolver Resolver { get; init; } = new SystemResolver();

    /// <summary>Authorities that are trusted instead of the system's; null for the system's.</summary>
    public X509Certificate2? Authority { get; init; }

    /// <summary>Longest silence of a connection.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
