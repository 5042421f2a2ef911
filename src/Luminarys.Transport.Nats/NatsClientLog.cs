using Microsoft.Extensions.Logging;

namespace Luminarys.Transport.Nats;

/// <summary>
/// What the client library logs, at debug level, whatever level it chose: what matters is logged by the bus itself. It also keeps the last
/// exception, because the library tells the reason of a failed dial nowhere else.
/// </summary>
internal sealed class NatsClientLog(ILogger logger) : ILoggerFactory, ILogger
{
    private volatile Exception? _last;

    public Exception? Last => _last;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _last = exception ?? _last;
        if (IsEnabled(logLevel))
        {
            logger.Log(LogLevel.Debug, eventId, state, exception, formatter);
        }
    }

    public void Dispose()
    {
    }
}
