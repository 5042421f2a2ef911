using System.Collections.Immutable;

namespace Luminarys.Manifests.Configuration;

/// <summary>The HTTP server of a master (<c>http</c>).</summary>
public sealed record HttpConfiguration
{
    /// <summary>Listen address.</summary>
    public ListenAddress Address { get; init; } = new("", 8080);

    /// <summary>Base URL as clients see it; null derives it from the address.</summary>
    public Uri? ServerUrl { get; init; }

    /// <summary>Accepted bearer tokens, each not empty. Secret. An empty list switches authentication off.</summary>
    public ImmutableArray<string> Tokens { get; init; } = [];

    /// <summary>Origins that a browser may call from, besides the server's own.</summary>
    public ImmutableArray<string> AllowedOrigins { get; init; } = [];

    /// <summary>Values of the Host header that are accepted besides the server's own.</summary>
    public ImmutableArray<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether an open server and other unsafe settings are refused.</summary>
    public bool Strict { get; init; }

    /// <summary>Largest request body in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Outside authorization server; null without one.</summary>
    public OAuthConfiguration? OAuth { get; init; }
}
