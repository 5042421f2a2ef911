using System.Globalization;
using System.Net;
using Luminarys.Manifests.Configuration;

namespace Luminarys.Manifests.Validation;

/// <summary>Addresses and URLs.</summary>
internal static class NetworkRules
{
    /// <summary><c>[host]:port</c>; port 0 lets the system choose.</summary>
    public static string? Listen(string text, out ListenAddress value)
    {
        value = new ListenAddress("", 0);
        if (!TrySplit(text, out var host, out var port))
        {
            return "is not an address: write host:port, or :port for every interface, such as 127.0.0.1:8080";
        }

        if (host.Length > 0 && host != "localhost" && !IPAddress.TryParse(host, out _))
        {
            return "must name an IP address of this machine, localhost, or nothing for every interface";
        }

        value = new ListenAddress(host, port);
        return null;
    }

    /// <summary><c>host:port</c> of a server to dial.</summary>
    public static string? Dial(string text, out string value)
    {
        value = text;
        return TrySplit(text, out var host, out var port) && host.Length > 0 && port > 0 ? null : "is not an address: write host:port";
    }

    public static string? Host(string text, out string value)
    {
        value = text;
        return IsHost(text) ? null : "is not a host name or IP address";
    }

    /// <summary>A value of the Host header: a host, with a port if the client sends one.</summary>
    public static string? HostHeader(string text, out string value)
    {
        value = text;
        return IsHost(text) || Dial(text, out _) is null ? null : "is not a host name, with or without a port";
    }

    public static string? WebUrl(string text, out Uri value)
    {
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;
        value = url ?? new Uri("http://invalid");
        return !isUrl ? "is not a web address: write http://… or https://…"
            : url!.UserInfo.Length > 0 ? "must not hold a user or password"
            : null;
    }

    /// <summary>A web address that nobody on the way can change: https, or http on this machine.</summary>
    public static string? TrustedUrl(string text, out Uri value) => WebUrl(text, out value) is { } complaint ? complaint
        : value.Scheme == Uri.UriSchemeHttps || value.IsLoopback ? null
        : "must begin with https://: whoever can change what it serves decides who gets in";

    /// <summary>Scheme, host and port of a web page, as a browser names it.</summary>
    public static string? Origin(string text, out string value)
    {
        var complaint = WebUrl(text, out var url);
        value = complaint is null ? url.GetLeftPart(UriPartial.Authority) : text;
        return complaint is null && url.PathAndQuery == "/" && url.Fragment.Length == 0 && !text.EndsWith('/')
            ? null
            : "is not an origin: write scheme://host or scheme://host:port";
    }

    /// <summary>One bus URL or several, separated by commas. Never quoted in messages: it may hold credentials.</summary>
    public static string? BusServers(string text, out string value)
    {
        value = text;
        foreach (var server in text.Split(',', StringSplitOptions.TrimEntries))
        {
            // A port beyond 65535 and an empty host are refused by the parser.
            if (!Uri.TryCreate(server, UriKind.Absolute, out var url)
                || url.Scheme is not ("nats" or "tls" or "ws" or "wss")
                || url.Host.Length == 0)
            {
                return "is not a bus address: write nats://host:4222, or several separated by commas";
            }
        }

        return null;
    }

    private static bool TrySplit(string text, out string host, out int port)
    {
        var colon = text.LastIndexOf(':');
        host = colon < 0 ? "" : text[..colon];
        port = 0;
        if (colon < 0 || !TryPort(text.AsSpan(colon + 1), out port))
        {
            return false;
        }

        if (host is ['[', .. var address, ']'])
        {
            host = address;
            return IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        }

        return host.Length == 0 || (IsHost(host) && !host.Contains(':', StringComparison.Ordinal));
    }

    private static bool TryPort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort;

    private static bool IsHost(string text) => text.Length is > 0 and <= 253 && Uri.CheckHostName(text) != UriHostNameType.Unknown;
}
