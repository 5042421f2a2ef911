using Luminarys.Invocations;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Luminarys.Transport.Nats;

/// <summary>
/// Makes links to the configured servers, in turn, and gives up never or, the first time, after a while. Only the configured ones: addresses
/// that a server reports are hints from the network.
/// </summary>
internal sealed class NatsDialer
{
    // A connection that breaks while the node signs in looks like a refusal. It does not do so three times in a row.
    private const int ClosuresOfARefusal = 3;

    private readonly NatsTransportOptions _options;
    private readonly BusLane _lane;
    private readonly Func<NatsLink, CancellationToken, ValueTask<bool>> _adopt;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NatsServers _servers;
    private readonly ReconnectBackoff _backoff = new();
    private NatsOpts? _opts;
    private int _closures;

    /// <param name="options">Where to dial and how.</param>
    /// <param name="lane">Lane of the bus.</param>
    /// <param name="adopt">Makes a new link the bus's own; false when it was lost meanwhile.</param>
    /// <param name="time">Clock of the waits.</param>
    /// <param name="logger">Takes what fails.</param>
    public NatsDialer(
        NatsTransportOptions options, BusLane lane, Func<NatsLink, CancellationToken, ValueTask<bool>> adopt, TimeProvider time, ILogger logger)
    {
        (_options, _lane, _adopt, _time, _logger) = (options, lane, adopt, time, logger);
        _servers = NatsServers.TryParse(options, out var servers, out var problem)
            ? servers
            : throw new ArgumentException(problem, nameof(options));
    }

    /// <summary>The first link, or why there is none: at once when it is refused, after a while when no server can be reached.</summary>
    public async ValueTask<(NatsLink? Link, BusFault? Fault)> FirstAsync(CancellationToken stop)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            var (link, fault) = await TryAllAsync(stop).ConfigureAwait(false);
            if (fault is null || fault.Error == InvocationError.BusDenied)
            {
                return (link, fault);
            }

            var wait = _backoff.Next(wasDenied: false);
            if (_time.GetElapsedTime(start) + wait >= _options.FirstConnectTimeout)
            {
                return (null, fault);
            }

            await Task.Delay(wait, _time, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The next link, however long it takes.</summary>
    /// <param name="lastAge">How long the last one stood: a server that takes and drops connections is not dialled faster and faster.</param>
    /// <param name="stop">Ends the attempts.</param>
    public async ValueTask<NatsLink> NextAsync(TimeSpan lastAge, CancellationToken stop)
    {
        if (lastAge >= ReconnectBackoff.Longest)
        {
            _backoff.Reset();
        }

        var wait = _backoff.Next(wasDenied: false);
        while (true)
        {
            await Task.Delay(wait, _time, stop).ConfigureAwait(false);
            var (link, fault) = await TryAllAsync(stop).ConfigureAwait(false);
            if (link is not null)
            {
                return link;
            }

            var wasDenied = fault!.Error == InvocationError.BusDenied;
            wait = _backoff.Next(wasDenied);
            if (wasDenied)
            {
                Log.BusRefused(_logger, _lane, fault.Message, (int)wait.TotalMilliseconds);
            }
            else
            {
                Log.BusConnectFailed(_logger, _lane, fault.Message, (int)wait.TotalMilliseconds);
            }
        }
    }

    // A refusal by one server is the answer only when no other takes the node.
    private async ValueTask<(NatsLink? Link, BusFault? Fault)> TryAllAsync(CancellationToken stop)
    {
        try
        {
            _opts ??= CreateOpts();
        }
        catch (Exception exception) when (NatsFault.OfCertificateFiles(exception) is not null)
        {
            return (null, NatsFault.OfCertificateFiles(exception));
        }

        BusFault? answer = null;
        foreach (var server in _servers.Urls)
        {
            var (link, fault) = await NatsLink.OpenAsync(_opts, server, _lane, _time, _logger, stop).ConfigureAwait(false);
            if (link is not null && await _adopt(link, stop).ConfigureAwait(false))
            {
                _closures = 0;
                return (link, null);
            }

            fault ??= NatsFault.Unreachable(server, link!.Reason);
            answer = answer?.Error == InvocationError.BusDenied ? answer : fault;
        }

        return (null, Judge(answer!));
    }

    private BusFault Judge(BusFault fault)
    {
        _closures = NatsFault.IsClosed(fault) ? _closures + 1 : 0;
        return _closures >= ClosuresOfARefusal ? fault with { Error = InvocationError.BusDenied } : fault;
    }

    private NatsOpts CreateOpts() => NatsOpts.Default with
    {
        Name = $"{_options.Name} {(_lane == BusLane.Control ? "control" : "traffic")}",
        InboxPrefix = _options.InboxPrefix,
        AuthOpts = new NatsAuthOpts { Token = _servers.Token, Username = _servers.User, Password = _servers.Password },
        TlsOpts = _servers.IsTls ? new NatsTls(_options).ToOpts() : new NatsTlsOpts { Mode = TlsMode.Disable },
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
