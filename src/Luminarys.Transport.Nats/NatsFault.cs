using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Luminarys.Invocations;
using Luminarys.Ports;
using NATS.Client.Core;

namespace Luminarys.Transport.Nats;

/// <summary>Turns what NATS.Net and the system throw into the bus's own failures, with what to do about them. Nothing here sees a credential.</summary>
internal static class NatsFault
{
    private const string Closed = "closed the connection instead of signing in; check cluster.auth and cluster.tls";

    /// <summary>Why a connection could not be made.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="logged">What the client logged; it names the reason of a failed dial.</param>
    /// <param name="server">Address without credentials.</param>
    /// <param name="hasAnswered">Whether the server's greeting had arrived.</param>
    public static BusFault OfConnect(Exception exception, Exception? logged, string server, bool hasAnswered)
    {
        var causes = Chain(exception).Concat(Chain(logged)).ToList();
        if (causes.OfType<NatsServerException>().Any(error => error.IsAuthError))
        {
            return Denied(server, "refused the credentials; check cluster.auth");
        }

        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
        {
            return Denied(server, $"failed the TLS check: {Last(tls).Message} Check cluster.tls and the host name in cluster.nats_url");
        }

        if (causes.OfType<NatsException>().FirstOrDefault(error => error.Message.Contains("TlsMode", StringComparison.Ordinal)) is { } mode)
        {
            return Denied(server, mode.Message.Contains("does not support", StringComparison.Ordinal)
                ? "does not offer TLS, which cluster.tls requires; nothing is sent in clear"
                : "requires TLS; set cluster.tls.enabled");
        }

        if (causes.OfType<NatsServerException>().FirstOrDefault() is { } said)
        {
            return Unreachable(server, said.Error);
        }

        // A refusal may arrive as nothing but the end of the stream, and so may the end of the server or of the network.
        if (hasAnswered && !causes.OfType<TimeoutException>().Any())
        {
            return new(InvocationError.BusDown, $"NATS at {server} {Closed}");
        }

        var reason = causes.OfType<SocketException>().FirstOrDefault()?.Message
            ?? (causes.OfType<TimeoutException>().Any() ? "no answer of a NATS server in time" : Last(exception).Message);
        return Unreachable(server, reason);
    }

    /// <summary>Whether the server hung up without a reason: a refusal if it does so again and again.</summary>
    public static bool IsClosed(BusFault fault) => fault.Message.EndsWith(Closed, StringComparison.Ordinal);

    public static BusFault Unreachable(string server, string reason) =>
        new(InvocationError.BusDown, $"NATS at {server} is not reachable: {reason.TrimEnd('.')}; check cluster.nats_url");

    /// <summary>Why the certificate files cannot be used; null when the exception is none of theirs.</summary>
    public static BusFault? OfCertificateFiles(Exception exception) => exception is CryptographicException or IOException or UnauthorizedAccessException
        ? new(InvocationError.BusDenied, $"The certificate files of the bus cannot be used: {exception.Message.TrimEnd('.')}; check cluster.tls")
        : null;

    /// <summary>
    /// What a failed publish means. Only what the client refused before it wrote is an error; after that nobody knows, and the message counts
    /// as handed over.
    /// </summary>
    public static InvocationError OfPublish(Exception exception) => exception switch
    {
        NatsPayloadTooLargeException => InvocationError.PayloadTooLarge,
        ObjectDisposedException => InvocationError.BusDown,
        _ => InvocationError.None,
    };

    private static BusFault Denied(string server, string what) => new(InvocationError.BusDenied, $"NATS at {server} {what}");

    private static Exception Last(Exception exception) => Chain(exception).Last();

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
