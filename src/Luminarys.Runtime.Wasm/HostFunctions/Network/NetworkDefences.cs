namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>What keeps skills inside of their grants. All are on; a test switches one off to show that it would notice.</summary>
internal sealed record NetworkDefences
{
    public static NetworkDefences All { get; } = new();

    /// <summary>Addresses are judged, not only names.</summary>
    public bool JudgesAddresses { get; init; } = true;

    /// <summary>Connections go to the addresses that were judged, not to what a second lookup answers.</summary>
    public bool PinsAddresses { get; init; } = true;

    /// <summary>Each hop of a redirect is judged like the first request.</summary>
    public bool JudgesRedirects { get; init; } = true;

    /// <summary>Credentials stay with the origin that they were meant for.</summary>
    public bool DropsCredentials { get; init; } = true;

    /// <summary>The environment's proxies are not used.</summary>
    public bool IgnoresProxies { get; init; } = true;

    /// <summary>Headers that would change the framing of a message, or end it, are refused.</summary>
    public bool RefusesHeaders { get; init; } = true;

    /// <summary>Bodies that grow too much by decompression are cut.</summary>
    public bool GuardsRatio { get; init; } = true;

    /// <summary>A skill's wish to skip certificate checks needs the host's consent.</summary>
    public bool ChecksCertificates { get; init; } = true;

    /// <summary>The name that a TLS connection asks for must be granted.</summary>
    public bool JudgesServerNames { get; init; } = true;
}
