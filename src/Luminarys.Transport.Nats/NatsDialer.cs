using Luminarys.Ports;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Luminarys.Transport.Nats;

/// <summary>Makes links to the configured servers, in turn. Only the configured ones: addresses that a server reports are hints from the network.</summary>
internal sealed class NatsDialer(NatsTransportOptions options, BusLane lane, TimeProvider time, ILogger logger)
{
    private readonly NatsServers _servers = NatsServers.TryParse(options, out var servers, out var problem)
        ? servers
        : throw new ArgumentException(problem, nameof(options));

    private NatsOpts? _opts;
    private int _next;

    public int ServerCount => _servers.Urls.Length;

    /// <summary>Dials the next server.</summary>
    public async ValueTask<(NatsLink? Link, BusFault? Fault)> DialAsync(CancellationToken cancellationToken)
    {
        try
        {
            _opts ??= CreateOpts();
        }
        catch (Exception exception) when (NatsFault.OfCertificateFiles(exception) is not null)
        {
            return (null, NatsFault.OfCertificateFiles(exception));
        }

        var server = _servers.Urls[_next++ % _servers.Urls.Length];
        return await NatsLink.OpenAsync(_opts, server, lane, logger, time, cancellationToken).ConfigureAwait(false);
    }

    private NatsOpts CreateOpts() => NatsOpts.Default with
    {
        Name = $"{options.Name} {(lane == BusLane.Control ? "control" : "traffic")}",
        InboxPrefix = options.InboxPrefix,
        AuthOpts = new NatsAuthOpts { Token = _servers.Token, Username = _servers.User, Password = _servers.Password },
        TlsOpts = _servers.IsTls ? new NatsTls(options).ToOpts() : new NatsTlsOpts { Mode = TlsMode.Disable },
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PingInterval = TimeSpan.FromSeconds(5),
        MaxPingOut = 2,

        // A write that the server does not take in this time counts as a loss.
        CommandTimeout = TimeSpan.FromSeconds(5),
        PublishTimeoutOnDisconnected = true,

        // A link never reconnects; this is how long the library waits for the bus to dispose of it.
        ReconnectWaitMin = TimeSpan.FromMinutes(1),
        ReconnectWaitMax = TimeSpan.FromMinutes(1),
    };
}
