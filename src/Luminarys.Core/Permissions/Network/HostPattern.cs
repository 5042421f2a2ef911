using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Luminarys.Permissions.Network;

/// <summary>
/// Host and port of a pattern. A wildcard may span labels of a name; a host that is only a wildcard also stands for IPv6 addresses.
/// </summary>
internal sealed class HostPattern
{
    private static readonly SearchValues<char> s_wildcards = SearchValues.Create("*?[{\\");
    private static readonly SearchValues<char> s_addressLike = SearchValues.Create("0123456789.*?[]{},-!^");

    private readonly NetworkHost? _literal;
    private readonly Glob? _glob;
    private readonly Glob _ports;
    private readonly bool _hasLiteralPort;

    private HostPattern(NetworkHost? literal, Glob? glob, Glob ports)
    {
        (_literal, _glob, _ports) = (literal, glob, ports);
        _hasLiteralPort = !ports.Pattern.AsSpan().ContainsAny(s_wildcards);
    }

    /// <summary>Whether the host is nothing but a wildcard.</summary>
    private bool IsAny => _literal is null && _glob is null;

    /// <summary>Whether an address could match, so that a name is worth resolving.</summary>
    public bool CouldMatchAddress => IsAny || _literal?.Address is not null
        || _glob?.Pattern.AsSpan().IndexOfAnyExcept(s_addressLike) < 0;

    /// <summary>Reads the parts of a pattern.</summary>
    public static bool TryParse(string host, string port, [NotNullWhen(true)] out HostPattern? pattern, [NotNullWhen(false)] out string? fault)
    {
        pattern = null;
        if (!Glob.TryParse(port, ignoreCase: false, out var ports, out fault))
        {
            return false;
        }

        if (host is "*" or "**")
        {
            pattern = new(null, null, ports);
            return true;
        }

        if (host.AsSpan().ContainsAny('@', '#', '%'))
        {
            fault = "holds '@', '#' or '%' in its host";
            return false;
        }

        var isSix = host.StartsWith('[') && host.Contains(':', StringComparison.Ordinal);
        if (isSix || !host.AsSpan().ContainsAny(s_wildcards))
        {
            pattern = NetworkHost.TryParse(host, out var literal, out _) ? new(literal, null, ports) : null;
            fault = pattern is null ? "names a host that is neither a name nor an address" : null;
            return pattern is not null;
        }

        if (host.Contains(':', StringComparison.Ordinal))
        {
            fault = "holds ':' in its host; an IPv6 address stands in brackets";
            return false;
        }

        pattern = Glob.TryParse(NormaliseLabels(host), ignoreCase: true, out var glob, out fault) ? new(null, glob, ports) : null;
        return pattern is not null;
    }

    /// <summary>Whether host and port match.</summary>
    public bool IsMatch(NetworkHost host, int port) => IsHostMatch(host) && _ports.IsMatch(Text(port));

    /// <summary>Whether the pattern names exactly this host and port, without a wildcard.</summary>
    public bool Names(NetworkHost host, int port) => _hasLiteralPort && NamesHost(host) && _ports.IsMatch(Text(port));

    /// <summary>Whether the pattern means this host: by its name, or by a part of its address.</summary>
    public bool Means(NetworkHost host, int port) => (NamesHost(host) || (host.Address is not null && !IsAny && IsHostMatch(host))) && _ports.IsMatch(Text(port));

    /// <summary>Index of the colon before the port, outside of classes and alternatives; -1 without one.</summary>
    public static int FindPort(string authority)
    {
        var depth = 0;
        var found = -1;
        for (var i = 0; i < authority.Length; i++)
        {
            depth += authority[i] is '[' or '{' ? 1 : authority[i] is ']' or '}' ? -1 : 0;
            found = authority[i] == ':' && depth == 0 ? i : found;
        }

        return found;
    }

    private bool NamesHost(NetworkHost host) => _literal is not null && _literal == host;

    private bool IsHostMatch(NetworkHost host) => IsAny || NamesHost(host)
        || (_glob is not null && host.Address?.AddressFamily != AddressFamily.InterNetworkV6 && _glob.IsMatch(host.Name));

    private static string Text(int port) => port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string NormaliseLabels(string host)
    {
        var labels = host.TrimEnd('.').Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = labels[i].AsSpan().ContainsAny(s_wildcards) ? labels[i] : HostLabels.Normalise(labels[i]) ?? labels[i];
        }

        return string.Join('.', labels);
    }
}
