using Microsoft.Extensions.Logging;

#pragma warning disable CA1812 // Names are what these types are for.

namespace Luminarys.Architecture.Tests.Examples;

/// <summary>Types with empty names, and log messages with bad numbers.</summary>
internal static partial class VocabularyExamples
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Stood outside Log.")]
    public static partial void StoodOutsideLog(ILogger logger);

    internal sealed class NodeManager;

    internal static class PathHelper;

    internal static class TextUtil;

    internal static class TextUtils;

    internal sealed class CallProcessor;

    internal sealed class BusImpl;

    internal sealed class GenericManager<T>;

    internal sealed class Implementation;

    internal sealed class ManagerOfNothing;

    internal static partial class Log
    {
        [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Took a number twice.")]
        public static partial void TookANumberTwice(ILogger logger);

        [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "Left its range.")]
        public static partial void LeftItsRange(ILogger logger);

        [LoggerMessage(EventId = 1999, Level = LogLevel.Information, Message = "Stayed in its range.")]
        public static partial void StayedInItsRange(ILogger logger);
    }
}
