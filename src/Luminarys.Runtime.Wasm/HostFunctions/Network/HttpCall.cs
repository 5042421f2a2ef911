using System.Collections.Immutable;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>One HTTP request as a guest asks for it.</summary>
internal sealed record HttpCall
{
    public string Method { get; init; } = "GET";

    public string Url { get; init; } = "";

    /// <summary>In the guest's order; names may repeat.</summary>
    public ImmutableArray<HttpHeader> Headers { get; init; } = [];

    public ImmutableArray<HttpHeader> Cookies { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Milliseconds; 0 or less for the default.</summary>
    public long TimeoutMs { get; init; }

    /// <summary>Largest body of the answer; 0 or less for the manifest's limit.</summary>
    public long MaxBytes { get; init; }

    public bool FollowRedirects { get; init; }

    public bool UseJar { get; init; }
}
