using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Transport.Nats;

/// <summary>The servers to dial, in the form that may be logged, and the credentials that never are.</summary>
internal sealed class NatsServers
{
    private const int DefaultPort = 4222;

    private NatsServers(ImmutableArray<string> urls, bool isTls, string? token, string? user, string? password) =>
        (Urls, IsTls, Token, User, Password) = (urls, isTls, token, user, password);

    /// <summary>Addresses without credentials.</summary>
    public ImmutableArray<string> Urls { get; }

    /// <summary>Whether TLS is required; one <c>tls://</c> address requires it for all.</summary>
    public bool IsTls { get; }

    public string? Token { get; }

    public string? User { get; }

    public string? Password { get; }

    public static bool TryParse(
        NatsTransportOptions options, [NotNullWhen(true)] out NatsServers? servers, [NotNullWhen(false)] out string? problem)
    {
        servers = null;
        problem = null;
        var addresses = new List<Uri>();
        foreach (var text in options.Url.Split(',', StringSplitOptions.TrimEntries))
        {
            var full = text.Contains("://", StringComparison.Ordinal) ? text : $"nats://{text}";
            if (!Uri.TryCreate(full, UriKind.Absolute, out var address) || !IsServer(address))
            {
                problem = $"Url: address {addresses.Count + 1} is not of the form host:port, nats://host:port or tls://host:port";
                return false;
            }

            addresses.Add(address);
        }

        var isTls = options.TlsEnabled || addresses.Exists(address => address.Scheme == "tls");
        var urls = addresses.Select(address => $"{(isTls ? "tls" : "nats")}://{address.Host}:{(address.Port < 0 ? DefaultPort : address.Port)}");
        var (token, user, password) = options.Token is null && options.User is null
            ? Credentials(addresses)
            : (options.Token, options.User, options.Password);
        servers = new NatsServers([.. urls.Distinct(StringComparer.Ordinal)], isTls, token, user, password);
        return true;
    }

    private static bool IsServer(Uri address) =>
        address is { Scheme: "nats" or "tls", Host.Length: > 0, AbsolutePath: "" or "/", Query: "", Fragment: "" };

    private static (string? Token, string? User, string? Password) Credentials(List<Uri> addresses)
    {
        var text = addresses.Select(address => address.UserInfo).FirstOrDefault(info => info.Length > 0);
        if (text is null)
        {
            return default;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? (Uri.UnescapeDataString(text), null, null)
            : (null, Uri.UnescapeDataString(text[..colon]), Uri.UnescapeDataString(text[(colon + 1)..]));
    }
}
