using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Permissions.Network;

/// <summary>
/// A URL pattern of an allowlist. Scheme, host, port and path are matched apart, so that a wildcard never crosses from one into another.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>**</c></term><description>any URL</description></item>
/// <item><term><c>https://**</c></term><description>any URL of the scheme</description></item>
/// <item><term><c>https://api.example.com/v1/**</c></term><description>everything below a path, with any query</description></item>
/// <item><term><c>https://api.example.com</c></term><description>the root path only</description></item>
/// <item><term><c>https://*.example.com/**</c></term><description>any name below the domain, not the domain itself</description></item>
/// <item><term><c>http://*:8080/**</c></term><description>any host on that port; without a port, the scheme's own</description></item>
/// </list>
/// </remarks>
public sealed class WebPattern
{
    private readonly Glob? _scheme;
    private readonly HostPattern? _host;
    private readonly HostPattern? _hostOnSecurePort;
    private readonly Glob? _path;

    private WebPattern(string pattern, Glob? scheme, (HostPattern Plain, HostPattern Secure)? hosts, Glob? path)
    {
        Pattern = pattern;
        _scheme = scheme;
        (_host, _hostOnSecurePort) = hosts is { } both ? (both.Plain, both.Secure) : (null, null);
        _path = path;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Pattern { get; }

    /// <summary>Compiles a pattern, or says in <paramref name="fault"/> what is wrong with it.</summary>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out WebPattern? parsed, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        parsed = null;
        if (pattern == "**")
        {
            fault = null;
            parsed = new(pattern, null, null, null);
            return true;
        }

        var mark = pattern.IndexOf("://", StringComparison.Ordinal);
        if (mark < 0)
        {
            fault = "lacks a scheme such as https://";
            return false;
        }

        if (!Glob.TryParse(pattern[..mark], ignoreCase: true, out var scheme, out fault))
        {
            return false;
        }

        var rest = pattern[(mark + 3)..];
        if (rest == "**")
        {
            parsed = new(pattern, scheme, null, null);
            return true;
        }

        if (rest.Contains('#', StringComparison.Ordinal))
        {
            fault = "holds a fragment, which no request has";
            return false;
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "/" : UrlPath.EncodeInternational(rest[slash..]);
        if (TryParseHosts(slash < 0 ? rest : rest[..slash], out var hosts, out fault) && Glob.TryParse(path, ignoreCase: false, out var glob, out fault))
        {
            parsed = new(pattern, scheme, hosts, glob);
        }

        return parsed is not null;
    }

    /// <summary>Whether the URL matches. <c>ws</c> counts as <c>http</c>, <c>wss</c> as <c>https</c>.</summary>
    public bool IsMatch(WebAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsSchemeMatch(address)
            && HostFor(address)?.IsMatch(address.Host, address.Port) != false
            && _path?.IsMatch(address.PathAndQuery) != false;
    }

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    /// <summary>Whether the pattern names exactly the host and the port of the URL.</summary>
    internal bool Names(WebAddress address) => IsSchemeMatch(address) && HostFor(address)?.Names(address.Host, address.Port) == true;

    /// <summary>Whether the pattern means the host of the URL, or this address of it, and not just anything.</summary>
    internal bool Means(WebAddress address, NetworkHost host) => IsSchemeMatch(address) && HostFor(address)?.Means(host, address.Port) == true;

    private bool IsSchemeMatch(WebAddress address) => _scheme?.IsMatch(address.PatternScheme) != false;

    private HostPattern? HostFor(WebAddress address) => address.IsSecure ? _hostOnSecurePort : _host;

    private static bool TryParseHosts(string authority, out (HostPattern Plain, HostPattern Secure) hosts, [NotNullWhen(false)] out string? fault)
    {
        hosts = default;
        var colon = HostPattern.FindPort(authority);
        var host = colon < 0 ? authority : authority[..colon];
        var port = colon < 0 ? null : authority[(colon + 1)..];
        if (!HostPattern.TryParse(host, port ?? "80", out var plain, out fault) || !HostPattern.TryParse(host, port ?? "443", out var secure, out fault))
        {
            return false;
        }

        hosts = (plain, secure);
        return true;
    }
}
