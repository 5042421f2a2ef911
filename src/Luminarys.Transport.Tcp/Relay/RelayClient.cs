using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Options;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>Dials the relay that a ticket names. Thread-safe.</summary>
internal sealed class RelayClient(IOptions<RelayClientOptions> options, TimeProvider time) : IRelay
{
    private const string Secure = "tls://";

    private readonly RelayClientOptions _options = options.Value;

    /// <inheritdoc/>
    public async ValueTask<RelayChannel> OpenAsync(TransferTicket ticket, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (ticket.NotAfter <= time.GetUtcNow())
        {
            return RelayFault.Refused;
        }

        var isSecure = _options.TlsEnabled || ticket.RelayAddress.StartsWith(Secure, StringComparison.Ordinal);
        if (!TrySplit(ticket.RelayAddress, out var host, out var port))
        {
            return RelayFault.Unreachable;
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Stream? opened = null;
        try
        {
            using var timer = new CancellationTokenSource(_options.ConnectTimeout, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
            await socket.ConnectAsync(host, port, limit.Token).ConfigureAwait(false);
            RelaySockets.Prepare(socket, RelaySockets.SilenceLimit);
            opened = await SecureAsync(new NetworkStream(socket, ownsSocket: true), host, isSecure, limit.Token).ConfigureAwait(false);
            if (await ProveAsync(opened, ticket, limit.Token).ConfigureAwait(false) is { } fault)
            {
                return fault;
            }

            timer.CancelAfter(TimeSpan.FromTicks(Math.Max(0, (ticket.NotAfter - time.GetUtcNow()).Ticks)));
            if (await WaitAsync(opened, limit.Token).ConfigureAwait(false) is { } refusal)
            {
                return refusal;
            }

            var stream = opened;
            opened = null;
            socket = null;
            return stream;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return time.GetUtcNow() >= ticket.NotAfter ? RelayFault.NoPeer : RelayFault.Unreachable;
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return RelayFault.Unreachable;
        }
        finally
        {
            if (opened is not null)
            {
                await opened.DisposeAsync().ConfigureAwait(false);
            }

            socket?.Dispose();
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream plain, string host, bool isSecure, CancellationToken cancellationToken)
    {
        if (!isSecure)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(RelayTls.OfClient(host, _options.CaFile), cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Null when the relay has taken the ticket. A relay that does not know the ticket's key is none of ours.
    private static async Task<RelayFault?> ProveAsync(Stream stream, TransferTicket ticket, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetBytes(RelayWire.NonceSize);
        await RelayWire.WriteAsync(
            stream, RelayMessageType.Hello, (byte[])[.. RelayWire.Magic, .. ticket.Sealed.Span, .. nonce], cancellationToken).ConfigureAwait(false);
        var answer = await RelayWire.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        if (answer is not { Type: RelayMessageType.Challenge, Body.Length: RelayWire.NonceSize + RelayProofs.Size } challenge)
        {
            return FaultOf(answer);
        }

        var relayNonce = challenge.Body[..RelayWire.NonceSize];
        var proof = RelayProofs.OfRelay(ticket.JoinKey.Span, nonce, relayNonce.Span);
        if (!CryptographicOperations.FixedTimeEquals(challenge.Body.Span[RelayWire.NonceSize..], proof))
        {
            return RelayFault.Unreachable;
        }

        await RelayWire.WriteAsync(
            stream, RelayMessageType.Proof, RelayProofs.OfClient(ticket.JoinKey.Span, ticket.Role, relayNonce.Span, nonce), cancellationToken).ConfigureAwait(false);
        answer = await RelayWire.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        return answer is { Type: RelayMessageType.Waiting } ? null : FaultOf(answer);
    }

    private static async Task<RelayFault?> WaitAsync(Stream stream, CancellationToken cancellationToken)
    {
        var answer = await RelayWire.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        return answer is { Type: RelayMessageType.Paired } ? null : FaultOf(answer);
    }

    private static RelayFault FaultOf(RelayMessage? answer) => answer is not { Type: RelayMessageType.Reject, Body.Length: 1 } reject
        ? RelayFault.Unreachable
        : (RelayRejection)reject.Body.Span[0] switch
        {
            RelayRejection.NoPeer => RelayFault.NoPeer,
            RelayRejection.Busy or RelayRejection.Draining => RelayFault.Busy,
            _ => RelayFault.Refused,
        };

    private static bool TrySplit(string address, out string host, out int port)
    {
        address = address.StartsWith(Secure, StringComparison.Ordinal) ? address[Secure.Length..] : address;
        var colon = address.LastIndexOf(':');
        host = colon > 0 ? address[..colon].Trim('[', ']') : "";
        port = 0;
        return host.Length > 0 && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536;
    }
}
