using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cli.Logs;

/// <summary>
/// One line for each message: time in UTC, level, category with event id, text. A line that does not begin with a time belongs to the exception above it; no text can
/// make up a line of its own.
/// </summary>
internal sealed class LogFileLogger(string category, LogFile file, TimeProvider time) : ILogger
{
    private const string Indent = "\n    ";

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {WordOf(logLevel)} {category}[{eventId.Id}] ");
        AppendVisible(line, formatter(state, exception));
        if (exception is not null)
        {
            foreach (var part in exception.ToString().Split('\n'))
            {
                AppendVisible(line.Append(Indent), part.TrimEnd('\r'));
            }
        }

        file.Write(line.ToString());
    }

    private static void AppendVisible(StringBuilder line, string text)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => line.Append("\\n"),
                '\t' => line.Append(character),
                _ when char.IsControl(character) => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => line.Append(character),
            };
        }
    }

    private static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        _ => "error",
    };
}
