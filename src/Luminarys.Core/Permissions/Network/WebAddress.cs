using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Luminarys.Permissions.Network;

/// <summary>
/// A URL of <c>http</c>, <c>https</c>, <c>ws</c> or <c>wss</c> in one spelling: what is judged is what is sent. User-info, backslashes, blanks and
/// control characters are refused, a fragment is dropped.
/// </summary>
public sealed record WebAddress
{
    private const int MaxLength = 16 * 1024;

    // Nothing that one reader skips and another does not.
    private static readonly SearchValues<char> s_refused = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(code => (char)code), '\\', '\x7f']);

    private WebAddress(string scheme, NetworkHost host, int port, string pathAndQuery) =>
        (Scheme, Host, Port, PathAndQuery) = (scheme, host, port, pathAndQuery);

    /// <summary>The scheme in lower case.</summary>
    public string Scheme { get; }

    /// <summary>The host.</summary>
    public NetworkHost Host { get; }

    /// <summary>The port, also when it is the scheme's own.</summary>
    public int Port { get; }

    /// <summary>Path, with its leading slash, and query.</summary>
    public string PathAndQuery { get; }

    /// <summary>Whether it is one of the two schemes of WebSocket.</summary>
    public bool IsWebSocket => Scheme is "ws" or "wss";

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsSecure => Scheme is "https" or "wss";

    /// <summary>The scheme that patterns are written in: <c>http</c> for <c>ws</c>, <c>https</c> for <c>wss</c>.</summary>
    public string PatternScheme => IsSecure ? "https" : "http";

    /// <summary>Host and port, without the scheme's own port.</summary>
    public string Authority => Port == DefaultPort(Scheme) ? Host.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Whether scheme, host and port are the same.</summary>
    public bool IsSameOrigin(WebAddress other) => Scheme == other?.Scheme && Host == other.Host && Port == other.Port;

    /// <summary>Reads a URL, or says in <paramref name="fault"/> what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out WebAddress? address, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        fault = FindFault(text, out var scheme, out var authority, out var rest);
        if (fault is not null
            || !TryParseAuthority(authority, DefaultPort(scheme), out var host, out var port, out fault)
            || !UrlPath.TryNormalise(rest is ['?', ..] or "" ? "/" + rest : rest, out var pathAndQuery, out fault))
        {
            return false;
        }

        address = new(scheme, host, port, pathAndQuery);
        return true;
    }

    /// <summary>The URL as an object of the framework, which keeps path and query as they are here.</summary>
    public Uri ToUri() => new(ToString(), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}://{Authority}{PathAndQuery}";

    /// <summary>The URL without its query, which may hold secrets: for the log.</summary>
    public string ToLogText() => PathAndQuery.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0
        ? $"{Scheme}://{Authority}{PathAndQuery[..mark]}?…"
        : ToString();

    internal static int DefaultPort(string scheme) => scheme is "https" or "wss" ? 443 : 80;

    private static string? FindFault(string text, out string scheme, out string authority, out string rest)
    {
        (scheme, authority, rest) = ("", "", "");
        if (text.Length > MaxLength)
        {
            return $"it is longer than {MaxLength} characters";
        }

        if (text.AsSpan().ContainsAny(s_refused) || text.Any(char.IsControl))
        {
            return "it holds a blank, a backslash or a control character";
        }

        var colon = text.IndexOf("://", StringComparison.Ordinal);
        scheme = colon < 0 ? "" : text[..colon].ToLowerInvariant();
        if (scheme is not ("http" or "https" or "ws" or "wss"))
        {
            return "its scheme is not http, https, ws or wss";
        }

        var fragment = text.IndexOf('#', StringComparison.Ordinal);
        rest = text[(colon + 3)..(fragment < 0 ? text.Length : Math.Max(fragment, colon + 3))];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        authority = end < 0 ? rest : rest[..end];
        rest = end < 0 ? "" : rest[end..];
        return authority.Contains('@', StringComparison.Ordinal) ? "it holds user-info" : null;
    }

    private static bool TryParseAuthority(
        string authority, int standard, [NotNullWhen(true)] out NetworkHost? host, out int port, [NotNullWhen(false)] out string? fault)
    {
        host = null;
        port = standard;
        var colon = authority.LastIndexOf(':');
        var hasPort = colon >= 0 && !authority.EndsWith(']');
        if (hasPort && colon + 1 < authority.Length && !NetworkEndpoint.TryParsePort(authority.AsSpan()[(colon + 1)..], out port))
        {
            fault = "its port is not a number from 1 to 65535";
            return false;
        }

        return NetworkHost.TryParse(hasPort ? authority[..colon] : authority, out host, out fault);
    }
}
