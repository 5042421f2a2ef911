using System.Collections.Concurrent;
using Luminarys.Runtime.Wasm.Engine;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Tests;

/// <summary>A log that tests can read.</summary>
internal sealed class LogLines : ILogger<WasmSkillRuntime>
{
    private readonly ConcurrentQueue<(LogLevel Level, int Event, string Text)> _lines = new();

    private readonly ConcurrentDictionary<int, TaskCompletionSource> _signals = new();

    public IReadOnlyList<(LogLevel Level, int Event, string Text)> All => [.. _lines];

    public IReadOnlyList<string> Of(int eventId) => [.. _lines.Where(line => line.Event == eventId).Select(line => line.Text)];

    /// <summary>Completes when the first line of that event is written.</summary>
    public Task WaitForAsync(int eventId) => Signal(eventId).Task.WaitAsync(TimeSpan.FromSeconds(30));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue((logLevel, eventId.Id, exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}"));
        Signal(eventId.Id).TrySetResult();
    }

    private TaskCompletionSource Signal(int eventId) => _signals.GetOrAdd(eventId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
