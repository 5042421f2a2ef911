using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Luminarys.Permissions;
using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>
/// The one way from a skill to a socket: resolves a name once, has every answer judged, connects to judged addresses only. There is no second lookup
/// between the two. Thread-safe.
/// </summary>
internal sealed class GuestDialer(NetworkPolicy policy, NetworkSetting setting)
{
    /// <summary>Judges addresses: those of the target, and those of this host's own endpoints on the same port.</summary>
    internal delegate ConnectionVerdict Judgement(IReadOnlyCollection<IPAddress> resolved, IReadOnlyCollection<IPAddress> own);

    /// <summary>Resolves a host and has its addresses judged.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    public async ValueTask<ConnectionVerdict> ResolveAsync(NetworkHost host, int port, Judgement judge, CancellationToken cancellationToken)
    {
        IPAddress[] resolved = host.Address is { } literal ? [literal] : await setting.Resolver.ResolveAsync(host.Name, cancellationToken).ConfigureAwait(false);
        if (!setting.Defences.JudgesAddresses)
        {
            return new(Verdict.Allow("defence switched off"), [.. resolved]);
        }

        var own = new List<IPAddress>();
        foreach (var name in policy.OwnNamesOn(port))
        {
            own.AddRange(await ResolveOwnAsync(name, cancellationToken).ConfigureAwait(false));
        }

        return judge(resolved, own);
    }

    /// <summary>Connects to the first address of a ticket that accepts.</summary>
    /// <exception cref="SocketException">None did.</exception>
    public async ValueTask<Socket> ConnectAsync(ConnectionTicket ticket, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ticket.Cancellation);
        var addresses = setting.Defences.PinsAddresses || ticket.Host.Address is not null
            ? ticket.Addresses
            : [.. await setting.Resolver.ResolveAsync(ticket.Host.Name, both.Token).ConfigureAwait(false)];
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, ticket.Port), both.Token).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                last = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    // An own name that does not resolve cannot be reached by its address either.
    private async ValueTask<IPAddress[]> ResolveOwnAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await setting.Resolver.ResolveAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
