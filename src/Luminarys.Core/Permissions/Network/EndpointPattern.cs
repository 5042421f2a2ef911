using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Permissions.Network;

/// <summary>A <c>host:port</c> pattern of an allowlist, such as <c>redis.internal:6379</c>, <c>*:5432</c>, <c>10.0.0.*:*</c>; <c>**</c> for any.</summary>
public sealed class EndpointPattern
{
    private readonly HostPattern? _host;

    private EndpointPattern(string pattern, HostPattern? host) => (Pattern, _host) = (pattern, host);

    /// <summary>The pattern as it was written.</summary>
    public string Pattern { get; }

    /// <summary>Compiles a pattern, or says in <paramref name="fault"/> what is wrong with it.</summary>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out EndpointPattern? parsed, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        parsed = null;
        if (pattern == "**")
        {
            fault = null;
            parsed = new(pattern, null);
            return true;
        }

        var colon = HostPattern.FindPort(pattern);
        if (colon < 0 || colon + 1 == pattern.Length)
        {
            fault = "lacks a port; ':*' stands for any";
            return false;
        }

        parsed = HostPattern.TryParse(pattern[..colon], pattern[(colon + 1)..], out var host, out fault) ? new(pattern, host) : null;
        return parsed is not null;
    }

    /// <summary>Whether host and port match.</summary>
    public bool IsMatch(NetworkEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return IsMatch(endpoint.Host, endpoint.Port);
    }

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    /// <summary>Whether an address could match, so that a name is worth resolving.</summary>
    internal bool CouldMatchAddress => _host?.CouldMatchAddress != false;

    internal bool IsMatch(NetworkHost host, int port) => _host?.IsMatch(host, port) != false;

    /// <summary>Whether the pattern names exactly this host and port.</summary>
    internal bool Names(NetworkHost host, int port) => _host?.Names(host, port) == true;

    /// <summary>Whether the pattern means this host and not just anything.</summary>
    internal bool Means(NetworkHost host, int port) => _host?.Means(host, port) == true;
}
