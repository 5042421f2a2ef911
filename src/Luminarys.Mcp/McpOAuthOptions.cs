using System.ComponentModel.DataAnnotations;

namespace Luminarys.Mcp;

/// <summary>Access tokens of an authorization server that are accepted beside the configured tokens.</summary>
public sealed class McpOAuthOptions
{
    /// <summary>The only issuer, exactly as its tokens write it: https, or http on this machine.</summary>
    [Required]
    public Uri? Issuer { get; set; }

    /// <summary>The audience that a token must name: this server, and no other.</summary>
    [Required]
    public string? Audience { get; set; }

    /// <summary>Where the issuer publishes its keys (JWKS): https, or http on this machine. Null asks the issuer's own description.</summary>
    public Uri? KeySetUrl { get; set; }

    /// <summary>Whether nobody on the way can change what the URL serves.</summary>
    internal static bool IsTrusted(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
