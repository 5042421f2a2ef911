using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>Accepts connections, lets the proved ones meet, and copies.</summary>
internal sealed class RelayServer(IOptions<RelayServerOptions> options, RelayKeys keys, ILogger<RelayServer> logger, TimeProvider time) : IRelayServer
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly RelayServerOptions _options = options.Value;
    private readonly PairingTable _table = new(options.Value, time);
    private readonly AddressLimiter _addresses = new(options.Value, time);
    private readonly HandshakeSlots _handshakes = new(options.Value.MaxHandshakes);
    private readonly TokenBucket? _total = BucketOf(options.Value.MaxBytesPerSecond, time);
    private readonly ConcurrentDictionary<(UInt128 Cluster, NodeId Node), TokenBucket> _nodes = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly CancellationTokenSource _stopAccepting = new();
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private SslServerAuthenticationOptions? _tls;
    private Task _accepting = Task.CompletedTask;
    private int _isDisposed;

    /// <summary>What a test may switch off.</summary>
    internal RelayDefences Defences { get; init; } = RelayDefences.All;

    /// <summary>After how much silence a connection ends.</summary>
    internal TimeSpan SilenceLimit { get; init; } = RelaySockets.SilenceLimit;

    /// <inheritdoc/>
    public IPEndPoint? EndPoint => _listener?.LocalEndPoint as IPEndPoint;

    /// <inheritdoc/>
    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _tls = _options.CertificateFile is { } file ? RelayTls.OfServer(file, _options.KeyFile) : null;
        var listener = new Socket(_options.ListenAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (_options.ListenAddress.Equals(IPAddress.IPv6Any))
            {
                listener.DualMode = true;
            }

            listener.Bind(new IPEndPoint(_options.ListenAddress, _options.ListenPort));
            listener.Listen(512);
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new IOException($"The relay cannot listen on {_options.ListenAddress}, port {_options.ListenPort}: {exception.Message}", exception);
        }

        _listener = listener;
        _accepting = AcceptAsync(listener);
        Log.RelayStarted(logger, EndPoint!.Port, _tls is not null);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        await _stopAccepting.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _handshakes.CutAll();
        using var cut = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await DrainAsync(CancellationToken.None).ConfigureAwait(false);
        _listener?.Dispose();
        _stop.Dispose();
        _stopAccepting.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopAccepting.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stopAccepting.Token).ConfigureAwait(false);
                if (!_addresses.Admits(((IPEndPoint)socket.RemoteEndPoint!).Address))
                {
                    socket.Close(0);
                    continue;
                }

                var connection = ServeAsync(socket);
                _connections.TryAdd(connection, true);
                _ = connection.ContinueWith(
                    (done, connections) => ((ConcurrentDictionary<Task, bool>)connections!).TryRemove(done, out _),
                    _connections,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of handles, or the client went while it waited to be accepted.
                Log.AcceptFailed(logger, exception.SocketErrorCode);
                await Task.Delay(s_look, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using var _ = socket;
        try
        {
            if (Defences.FindsDeadPeers)
            {
                RelaySockets.Prepare(socket, SilenceLimit);
            }

            if (await JoinAsync(socket).ConfigureAwait(false) is { } side)
            {
                await using (side.ConfigureAwait(false))
                {
                    await CarryAsync(side).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Log.ConnectionEnded(logger, exception.Message);
        }
    }

    // From accepting to a proof. The slot bounds how many strangers there are at once.
    private async Task<RelaySide?> JoinAsync(Socket socket)
    {
        var timeout = Defences.LimitsHandshakes ? _options.HandshakeTimeout : TimeSpan.FromHours(1);
        using var slot = _handshakes.Enter(Defences.MakesRoom);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, slot.Cut);
        var (ticket, stream, fault) = await new RelayHandshake(keys, _tls, Defences, time).RunAsync(socket, timeout, stop.Token).ConfigureAwait(false);
        if (ticket is not null)
        {
            CrashPoints.Pass("relay-proved");
            return new(socket, stream!, ticket);
        }

        Log.ConnectionRefused(logger, socket.RemoteEndPoint, fault!);
        if (stream is not null)
        {
            await RejectAsync(stream, RelayRejection.Denied).ConfigureAwait(false);
        }

        return null;
    }

    private async Task CarryAsync(RelaySide side)
    {
        if (_table.Join(side) is { } rejection)
        {
            Log.ConnectionRefused(logger, side.Ticket.Node, rejection.ToString());
            await RejectAsync(side.Stream, rejection).ConfigureAwait(false);
            return;
        }

        try
        {
            byte[] wait = [(byte)((int)_options.PairingTimeout.TotalSeconds >> 8), (byte)(int)_options.PairingTimeout.TotalSeconds];
            await RelayWire.WriteAsync(side.Stream, RelayMessageType.Waiting, wait, _stop.Token).ConfigureAwait(false);
            if (await WaitForPeerAsync(side).ConfigureAwait(false) is not { } peer)
            {
                await RejectAsync(side.Stream, _stop.IsCancellationRequested ? RelayRejection.Draining : RelayRejection.NoPeer).ConfigureAwait(false);
                return;
            }

            await RelayWire.WriteAsync(side.Stream, RelayMessageType.Paired, (byte[])[(byte)peer.Ticket.Role], _stop.Token).ConfigureAwait(false);
            await side.MeetAsync(peer, () => PumpAsync(side, peer)).ConfigureAwait(false);
        }
        finally
        {
            side.Replace();
            _table.Leave(side);
        }
    }

    // Looks at the socket now and then: a client that left must not keep the place that its next attempt needs.
    private async Task<RelaySide?> WaitForPeerAsync(RelaySide side)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < _options.PairingTimeout)
        {
            try
            {
                return await side.Peer.WaitAsync(s_look, time, _stop.Token).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                if (side.HasLeft)
                {
                    break;
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        side.GiveUp();
        return await side.Peer.ConfigureAwait(false);
    }

    private async Task PumpAsync(RelaySide first, RelaySide second)
    {
        var ticket = first.Ticket;
        var budget = ticket.MaxBytes > ulong.MaxValue / 2 ? ulong.MaxValue : ticket.MaxBytes + (ticket.MaxBytes / 100) + (64 * 1024);
        ImmutableArray<TokenBucket?> rates =
        [
            BucketOf((long)Math.Min(ticket.MaxRate, long.MaxValue), time), NodeBucketOf(first.Ticket), NodeBucketOf(second.Ticket), _total,
        ];
        var pace = new RelayPace(budget, [.. rates.OfType<TokenBucket>()], _options.IdleTimeout, time);
        Log.Paired(logger, first.Ticket.Node, second.Ticket.Node);
        CrashPoints.Pass("relay-paired");
        await new RelayPump(first, second, pace, Defences)
            .RunAsync(end => Log.PairEnded(logger, first.Ticket.Node, second.Ticket.Node, end), _stop.Token).ConfigureAwait(false);
        CrashPoints.Pass("relay-pair-ended");
    }

    private TokenBucket? NodeBucketOf(RelayTicket ticket) => _options.MaxBytesPerSecondPerNode > 0
        ? _nodes.GetOrAdd((ticket.Cluster, ticket.Node), _ => BucketOf(_options.MaxBytesPerSecondPerNode, time)!)
        : null;

    private static TokenBucket? BucketOf(long perSecond, TimeProvider time) => perSecond > 0 ? new(perSecond, perSecond, time) : null;

    private async Task RejectAsync(Stream stream, RelayRejection rejection)
    {
        using var limit = new CancellationTokenSource(s_look, time);
        await RelayWire.WriteAsync(stream, RelayMessageType.Reject, (byte[])[(byte)rejection], limit.Token).ConfigureAwait(false);
    }
}
