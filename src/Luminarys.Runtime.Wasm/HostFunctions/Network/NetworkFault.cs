using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Failures of sockets, TLS, HTTP and WebSocket in the words of the host functions. Nothing else translates them.</summary>
/// <param name="Kind">One of the kinds that guests know: <c>eof</c>, <c>reset</c>, <c>timeout</c>, <c>tls</c>, <c>io</c>.</param>
/// <param name="Text">For people. Holds no address: a skill learns none that it did not ask for.</param>
internal sealed record NetworkFault(string Kind, string Text)
{
    public const string Eof = "eof";
    public const string Reset = "reset";
    public const string Timeout = "timeout";
    public const string Tls = "tls";
    public const string Io = "io";

    /// <summary>Whether the failure is one that a network may cause; anything else is a bug of ours.</summary>
    public static bool Is(Exception exception) =>
        exception is SocketException or IOException or AuthenticationException or HttpRequestException or WebSocketException or InvalidDataException or ObjectDisposedException;

    /// <summary>The failure in words.</summary>
    public static NetworkFault Of(Exception exception) => FindInner<AuthenticationException>(exception) is not null
        ? new(Tls, "tls: the handshake failed or the certificate is not trusted")
        : FindInner<SocketException>(exception) is { } socket ? Of(socket.SocketErrorCode)
        : exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(Tls, "tls: the handshake failed"),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(Io, "io: the headers of the answer are too large"),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => new(Io, "io: the answer is not HTTP"),
            InvalidDataException => new(Io, "io: the compressed body is damaged"),
            WebSocketException { WebSocketErrorCode: WebSocketError.NotAWebSocket } => new(Io, "io: the server refused the WebSocket upgrade"),
            WebSocketException { WebSocketErrorCode: WebSocketError.Faulted or WebSocketError.HeaderError } => new(Io, "io: the peer broke the WebSocket protocol"),
            EndOfStreamException => new(Eof, "io: the peer closed the connection"),
            _ => new(Reset, "io: the connection was lost"),
        };

    private static NetworkFault Of(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => new(Io, "io: host not found"),
        SocketError.ConnectionRefused => new(Io, "io: connection refused"),
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => new(Reset, "io: connection reset"),
        SocketError.TimedOut => new(Timeout, "io: connection timed out"),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => new(Io, "io: host unreachable"),
        _ => new(Io, "io: the connection failed"),
    };

    private static T? FindInner<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
        {
            exception = exception.InnerException;
        }

        return (T?)exception;
    }
}
