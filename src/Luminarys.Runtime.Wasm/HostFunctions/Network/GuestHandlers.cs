using System.Net.Sockets;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>
/// The HTTP handlers of one skill, shared with no other. Connections are pooled by scheme, host and port for a minute at most; every request is judged
/// and resolved before it may take one, and a new one is opened to the addresses of the request's ticket only.
/// </summary>
internal sealed class GuestHandlers(SkillNetwork network) : IDisposable
{
    private const int MaxHeaderKilobytes = 64;

    private readonly Lazy<SocketsHttpHandler> _checked = new(() => Create(network, isInsecure: false));
    private readonly Lazy<SocketsHttpHandler> _unchecked = new(() => Create(network, isInsecure: true));

    /// <summary>The handler for a request.</summary>
    /// <param name="isInsecure">Whether certificates are to be left unchecked; needs the host's consent.</param>
    public HttpMessageHandler For(bool isInsecure) => isInsecure && network.IsInsecureAllowed ? _unchecked.Value : _checked.Value;

    public void Dispose()
    {
        foreach (var handler in new[] { _checked, _unchecked })
        {
            if (handler.IsValueCreated)
            {
                handler.Value.Dispose();
            }
        }
    }

    private static SocketsHttpHandler Create(SkillNetwork network, bool isInsecure) => new()
    {
        UseProxy = !network.Setting.Defences.IgnoresProxies,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromSeconds(60),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ConnectTimeout = TimeLimit.Longest,
        MaxConnectionsPerServer = HttpFunctions.MaxConcurrent,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        MaxResponseDrainSize = 0,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        SslOptions = network.CreateTlsOptions(isInsecure),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(network, context, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(SkillNetwork network, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var wanted = context.DnsEndPoint;
        if (!context.InitialRequestMessage.Options.TryGetValue(ConnectionTicket.Key, out var ticket)
            || (network.Setting.Defences.IgnoresProxies && !(ticket.Port == wanted.Port && ticket.Host.Name == wanted.Host.Trim('[', ']'))))
        {
            throw new IOException("The connection was not judged.");
        }

        var target = network.Setting.Defences.IgnoresProxies ? ticket : ticket with { Port = wanted.Port, Addresses = [System.Net.IPAddress.Parse(wanted.Host)] };
        var socket = await network.Dialer.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
