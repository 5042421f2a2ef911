using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Loopback;

internal static partial class Log
{
    [LoggerMessage(1901, LogLevel.Error, "The handler of {Pattern} threw; the message is lost and the subscription goes on")]
    public static partial void LoopbackHandlerFailed(ILogger logger, string pattern, Exception exception);

    [LoggerMessage(1902, LogLevel.Warning, "The queue of {Pattern} overflowed at {QueueLength} messages; the loopback connection was dropped")]
    public static partial void LoopbackQueueOverflowed(ILogger logger, string pattern, int queueLength);

    [LoggerMessage(1903, LogLevel.Error, "A handler of the bus status threw")]
    public static partial void LoopbackStatusHandlerFailed(ILogger logger, Exception exception);
}
