using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Luminarys.Transfers;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>The relay's half of joining: TLS, hello, challenge, proof. Whatever is wrong before the proof gets the same answer.</summary>
internal sealed class RelayHandshake(RelayKeys keys, SslServerAuthenticationOptions? tls, RelayDefences defences, TimeProvider time)
{
    private const byte TlsRecord = 0x16;
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    /// <summary>Takes a connection through it. On failure the stream may be there still, to carry a refusal.</summary>
    public async Task<(RelayTicket? Ticket, Stream? Stream, string? Fault)> RunAsync(Socket socket, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var hello = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(hello.Token, timer.Token);
        var (stream, fault) = await OpenAsync(socket, limit.Token).ConfigureAwait(false);
        if (stream is null)
        {
            return (null, null, fault);
        }

        var (ticket, bytes, nonce, helloFault) = await ReadHelloAsync(stream, limit.Token).ConfigureAwait(false);
        if (ticket is null)
        {
            return (null, stream, helloFault);
        }

        CrashPoints.Pass("relay-ticket-read");

        timer.CancelAfter(timeout);
        return await IsProvedAsync(stream, ticket, keys.JoinKeyOf(bytes.Span), nonce, limit.Token).ConfigureAwait(false)
            ? (ticket, stream, null)
            : (null, stream, "the proof is wrong");
    }

    private async Task<(Stream? Stream, string? Fault)> OpenAsync(Socket socket, CancellationToken cancellationToken)
    {
        var first = new byte[1];
        if (await socket.ReceiveAsync(first, SocketFlags.Peek, cancellationToken).ConfigureAwait(false) == 0)
        {
            return (null, "it closed at once");
        }

        var plain = new NetworkStream(socket, ownsSocket: false);
        if ((first[0] == TlsRecord) != tls is not null)
        {
            return (null, tls is null ? "it asks for TLS, which this relay does not have" : "it does not ask for TLS");
        }

        if (tls is null)
        {
            return (plain, null);
        }

        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsServerAsync(tls, cancellationToken).ConfigureAwait(false);
            return (secure, null);
        }
        catch (AuthenticationException exception)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            return (null, exception.Message);
        }
    }

    private async Task<(RelayTicket? Ticket, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Nonce, string? Fault)> ReadHelloAsync(
        Stream stream, CancellationToken cancellationToken)
    {
        if (await RelayWire.ReadAsync(stream, cancellationToken).ConfigureAwait(false) is not { Type: RelayMessageType.Hello } hello
            || hello.Body.Length < RelayWire.Magic.Length + RelayWire.NonceSize
            || !hello.Body.Span.StartsWith(RelayWire.Magic))
        {
            return (null, default, default, "it sent no hello");
        }

        var bytes = hello.Body[RelayWire.Magic.Length..^RelayWire.NonceSize];
        if (!keys.TryOpen(bytes.Span, out var ticket))
        {
            return (null, default, default, "its ticket was not sealed with a key of this relay");
        }

        return defences.ChecksExpiry && ticket.NotAfter + s_skew < time.GetUtcNow()
            ? (null, default, default, "its ticket has expired")
            : (ticket, bytes, hello.Body[^RelayWire.NonceSize..], null);
    }

    private async Task<bool> IsProvedAsync(Stream stream, RelayTicket ticket, byte[] joinKey, ReadOnlyMemory<byte> clientNonce, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetBytes(RelayWire.NonceSize);
        await RelayWire.WriteAsync(
            stream, RelayMessageType.Challenge, (byte[])[.. nonce, .. RelayProofs.OfRelay(joinKey, clientNonce.Span, nonce)], cancellationToken).ConfigureAwait(false);
        return await RelayWire.ReadAsync(stream, cancellationToken).ConfigureAwait(false) is { Type: RelayMessageType.Proof } proof
            && (!defences.ChecksProof
                || CryptographicOperations.FixedTimeEquals(proof.Body.Span, RelayProofs.OfClient(joinKey, ticket.Role, nonce, clientNonce.Span)));
    }
}
