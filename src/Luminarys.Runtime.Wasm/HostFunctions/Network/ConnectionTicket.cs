using System.Collections.Immutable;
using System.Net;
using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Leave to connect: what was judged, and for whom.</summary>
/// <param name="Host">The host as it was asked for.</param>
/// <param name="Port">The port.</param>
/// <param name="Addresses">The only addresses that may be connected to.</param>
/// <param name="Cancellation">Ends the attempt with the request that wanted it.</param>
internal sealed record ConnectionTicket(NetworkHost Host, int Port, ImmutableArray<IPAddress> Addresses, CancellationToken Cancellation)
{
    /// <summary>Where a request carries its ticket to the connect callback.</summary>
    public static HttpRequestOptionsKey<ConnectionTicket> Key { get; } = new("luminarys.ticket");
}
