using Microsoft.Extensions.Logging;

namespace Luminarys.Lmsk.Running;

/// <summary>Takes what the runtime logs: all lines of the skill, and warnings of the host.</summary>
internal sealed class TrialLog(TrialReport report) : ILoggerProvider, ILogger
{
    private const int SkillWrote = 3010;
    private const int SkillPrinted = 3011;
    private const int InstanceDiscarded = 3002;
    private const int PermissionDenied = 3030;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id is SkillWrote or SkillPrinted)
        {
            report.Write(logLevel, Find(state, "Text") ?? formatter(state, exception));
        }
        else if (eventId.Id == InstanceDiscarded)
        {
            // The error itself is the end of the report; here is where it came from.
            report.WriteOrigin(Find(state, "Detail") ?? "");
        }
        else if (logLevel >= LogLevel.Warning && eventId.Id != PermissionDenied)
        {
            // The report of host calls says more of a denial.
            report.Write(logLevel, exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static string? Find<TState>(TState state, string name) =>
        (state as IEnumerable<KeyValuePair<string, object?>>)?.FirstOrDefault(pair => pair.Key == name).Value as string;
}
