using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Luminarys.Transport.Nats.Tests;

/// <summary>Keeps every line at every level, with the exceptions in full.</summary>
internal sealed class RecordingLogger : ILogger<NatsBus>
{
    private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

    public string All => string.Join('\n', _lines.Select(line => line.Text));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, $"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}"));

    public async Task<string> WaitForAsync(int id)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (_lines.FirstOrDefault(line => line.Id == id).Text is { } text)
            {
                return text;
            }

            Assert.False(deadline.IsCancellationRequested, $"event {id} was not logged within 20 s; logged were:\n{All}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
