using Microsoft.Extensions.Logging;

namespace Luminarys.Hosting;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Error, "A handler of the application failed for event {Event}")]
    public static partial void EventHandlerFailed(ILogger logger, Exception exception, string @event);

    [LoggerMessage(6002, LogLevel.Critical, "The node stopped: {Code}: {Reason}")]
    public static partial void NodeFaulted(ILogger logger, string code, string reason);

    [LoggerMessage(6003, LogLevel.Error, "The relay in this master did not start; files cannot be copied between nodes. Free the port, set cluster.relay_port, or name another relay by cluster.relay_url")]
    public static partial void RelayNotStarted(ILogger logger, Exception exception);
}
