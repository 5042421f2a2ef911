using Microsoft.Extensions.Logging;

namespace Luminarys.Cli.Logs;

/// <summary>Makes loggers that write to one file.</summary>
internal sealed class LogFileProvider(LogFile file, TimeProvider time) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LogFileLogger(categoryName, file, time);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
