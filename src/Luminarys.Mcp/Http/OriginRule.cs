using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Which web pages may call: those of the server itself, of its URL, and of the configured origins. What a proxy says about the request in
/// forwarding headers does not count.
/// </summary>
internal sealed class OriginRule
{
    private readonly FrozenSet<string> _accepted;

    public OriginRule(McpEdgeOptions options)
    {
        var named = options.ServerUrl is { } url ? options.AllowedOrigins.Append(url.OriginalString) : options.AllowedOrigins;
        _accepted = named.Select(Normalize).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the page may call. The Host header must have been accepted before: it says what the server's own origin is.</summary>
    public bool Accepts(string origin, HttpRequest request) =>
        _accepted.Contains(origin) || origin.Equals(Normalize($"{request.Scheme}://{request.Host.Value}"), StringComparison.OrdinalIgnoreCase);

    // A browser leaves out the port that the scheme implies, and every path.
    private static string Normalize(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : origin;
}
