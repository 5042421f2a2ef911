using System.Collections.Immutable;
using System.Net;

namespace Luminarys.Permissions.Network;

/// <summary>What the host adds to the manifests of its skills.</summary>
public sealed record NetworkPolicy
{
    /// <summary>The host's own endpoints: bus, relay, MCP. A skill reaches one only when its manifest names exactly that host and port.</summary>
    public ImmutableArray<NetworkEndpoint> OwnEndpoints { get; init; } = [];

    /// <summary>Whether internal addresses are granted neither as a class nor by wildcards: an entry must name the host, or a part of its address.</summary>
    public bool DenyInternal { get; init; }

    /// <summary>Addresses of this machine's interfaces. Loopback addresses count without being listed.</summary>
    public ImmutableArray<IPAddress> LocalAddresses { get; init; } = [];

    /// <summary>Names of own endpoints on that port: their addresses decide too, so a resolver must be asked.</summary>
    public IEnumerable<string> OwnNamesOn(int port) =>
        OwnEndpoints.Where(own => own.Port == port && own.Host.Address is null).Select(own => own.Host.Name).Distinct();

    // The endpoint that is meant by name, before one that is met by address.
    internal NetworkEndpoint? FindOwn(NetworkHost host, int port, IPAddress address, IReadOnlyCollection<IPAddress> ownAddresses) =>
        OwnEndpoints.FirstOrDefault(own => own.Port == port && own.Host == host)
        ?? OwnEndpoints.FirstOrDefault(own => own.Port == port && IsAt(own.Host.Address, address, ownAddresses));

    // An endpoint on a wildcard, loopback or local address listens on this machine; so may one with a name.
    private bool IsAt(IPAddress? own, IPAddress address, IReadOnlyCollection<IPAddress> ownAddresses) =>
        own is null ? IsLocal(address) || ownAddresses.Contains(address)
        : address.Equals(own) || (IsLocal(address) && (own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any) || IsLocal(own)));

    private bool IsLocal(IPAddress address) => IPAddress.IsLoopback(address) || LocalAddresses.Contains(address);
}
