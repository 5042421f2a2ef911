using System.Net;
using System.Net.Sockets;
using Luminarys.Nodes;
using Luminarys.Transport.Tcp.Relay;
using Microsoft.Extensions.Logging;

namespace Luminarys.Transport.Tcp;

internal static partial class Log
{
    [LoggerMessage(2101, LogLevel.Information, "The relay listened on port {Port}; TLS: {IsSecure}")]
    public static partial void RelayStarted(ILogger logger, int port, bool isSecure);

    [LoggerMessage(2102, LogLevel.Warning, "The relay could not accept a connection: {Error}")]
    public static partial void AcceptFailed(ILogger logger, SocketError error);

    [LoggerMessage(2103, LogLevel.Warning, "The relay refused {Peer}: {Reason}")]
    private static partial void ConnectionRefused(ILogger logger, string peer, string reason);

    [LoggerMessage(2104, LogLevel.Debug, "A connection to the relay ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, string reason);

    [LoggerMessage(2105, LogLevel.Information, "The relay paired {First} with {Second}")]
    public static partial void Paired(ILogger logger, NodeId first, NodeId second);

    [LoggerMessage(2106, LogLevel.Information, "The pair of {First} and {Second} ended: {End}")]
    public static partial void PairEnded(ILogger logger, NodeId first, NodeId second, RelayEnd end);

    public static void ConnectionRefused(ILogger logger, EndPoint? peer, string reason) => ConnectionRefused(logger, peer?.ToString() ?? "?", reason);

    public static void ConnectionRefused(ILogger logger, NodeId node, string reason) => ConnectionRefused(logger, node.Value, reason);
}
