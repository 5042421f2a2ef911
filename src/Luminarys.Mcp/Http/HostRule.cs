using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Which Host headers name this server: a loopback name, the address that the connection came in on, the host of the server's URL, and the
/// configured ones. A page that rebinds its own name to this machine sends that name, which is none of these.
/// </summary>
internal sealed class HostRule
{
    private const string Loopback = "localhost";

    private readonly FrozenSet<string> _accepted;

    public HostRule(McpEdgeOptions options)
    {
        var named = options.ServerUrl is { } url ? options.AllowedHosts.Append(url.IdnHost) : options.AllowedHosts;
        _accepted = named.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the header names this server. An entry without a port stands for every port.</summary>
    /// <param name="host">The Host header.</param>
    /// <param name="local">The address that the connection came in on; null when there is none.</param>
    public bool Accepts(HostString host, IPAddress? local)
    {
        if (!host.HasValue)
        {
            return false;
        }

        var name = host.Host;
        return name.Equals(Loopback, StringComparison.OrdinalIgnoreCase)
            || (AddressOf(name) is { } address && (IPAddress.IsLoopback(address) || address.Equals(Unmap(local))))
            || _accepted.Contains(name)
            || _accepted.Contains(name.Trim('[', ']'))
            || _accepted.Contains(host.Value!);
    }

    // Only the usual spelling of an address is one: not decimal, octal or short ones.
    private static IPAddress? AddressOf(string name)
    {
        var isBracketed = name.StartsWith('[');
        if (!IPAddress.TryParse(isBracketed ? name.Trim('[', ']') : name, out var address))
        {
            return null;
        }

        return isBracketed || address.ToString() == name ? Unmap(address) : null;
    }

    private static IPAddress? Unmap(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
