using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Transport.Nats;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "The {Lane} bus connected to {Server}")]
    public static partial void BusConnected(ILogger logger, BusLane lane, string server);

    [LoggerMessage(2002, LogLevel.Warning, "The {Lane} bus lost {Server}: {Reason}")]
    public static partial void BusLost(ILogger logger, BusLane lane, string server, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "The {Lane} bus did not connect: {Reason}; next attempt in {Milliseconds} ms")]
    public static partial void BusConnectFailed(ILogger logger, BusLane lane, string reason, int milliseconds);

    [LoggerMessage(2004, LogLevel.Error, "The {Lane} bus was refused: {Reason}; next attempt in {Milliseconds} ms")]
    public static partial void BusRefused(ILogger logger, BusLane lane, string reason, int milliseconds);

    [LoggerMessage(2005, LogLevel.Error, "The server of the {Lane} bus reported {Error}")]
    public static partial void ServerReported(ILogger logger, BusLane lane, string error);

    [LoggerMessage(2006, LogLevel.Error, "The server of the {Lane} bus denied a permission: {Error}; calls over this subject end by their deadlines")]
    public static partial void PermissionDenied(ILogger logger, BusLane lane, string error);

    [LoggerMessage(2007, LogLevel.Error, "The handler of {Pattern} on the {Lane} bus threw; the message is lost and the subscription goes on")]
    public static partial void HandlerFailed(ILogger logger, BusLane lane, string pattern, Exception exception);

    [LoggerMessage(2008, LogLevel.Error, "A handler of the {Lane} bus status threw")]
    public static partial void StatusHandlerFailed(ILogger logger, BusLane lane, Exception exception);

    [LoggerMessage(2009, LogLevel.Warning, "The {Lane} bus does not know whether a message was sent: {Reason}")]
    public static partial void PublishUncertain(ILogger logger, BusLane lane, string reason);

    [LoggerMessage(2010, LogLevel.Debug, "A connection of the {Lane} bus did not end cleanly: {Reason}")]
    public static partial void LinkEndedBadly(ILogger logger, BusLane lane, string reason);
}
