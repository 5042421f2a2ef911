using Microsoft.Extensions.Logging;

namespace Luminarys.Hosting;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Error, "A handler of the application failed for event {Event}")]
    public static partial void EventHandlerFailed(ILogger logger, Exception exception, string @event);

    [LoggerMessage(6002, LogLevel.Critical, "The node stopped: {Code}: {Reason}")]
    public static partial void NodeFaulted(ILogger logger, string code, string reason);
}
