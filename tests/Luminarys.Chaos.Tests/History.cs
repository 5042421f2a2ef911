using System.Collections.Concurrent;
using System.Diagnostics;

namespace Luminarys.Chaos;

/// <summary>Everything that clients did and saw in a run, and the times at which there was no master to hold a connection. Thread-safe.</summary>
internal sealed class History
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<CallRecord> _calls = new();
    private readonly ConcurrentQueue<(TimeSpan From, TimeSpan To)> _outages = new();
    private readonly ConcurrentQueue<(TimeSpan From, TimeSpan To)> _pauses = new();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    public IReadOnlyCollection<CallRecord> Calls => _calls;

    /// <summary>How many calls the front door took.</summary>
    public int Taken => _calls.Count(call => call.Answer.Outcome != CallOutcome.NotTaken);

    /// <summary>From the end of one master's process until the next one answered.</summary>
    public IReadOnlyCollection<(TimeSpan From, TimeSpan To)> Outages => _outages;

    /// <summary>When the master's process was stopped where it was: no answer can come then.</summary>
    public IReadOnlyCollection<(TimeSpan From, TimeSpan To)> Pauses => _pauses;

    public void Add(CallRecord call) => _calls.Enqueue(call);

    public void AddOutage(TimeSpan from, TimeSpan to) => _outages.Enqueue((from, to));

    public void AddPause(TimeSpan from, TimeSpan to) => _pauses.Enqueue((from, to));

    /// <summary>How often each outcome came, most frequent first.</summary>
    public string Summary() => string.Join(
        ", ",
        Calls.GroupBy(call => call.Answer.Code is { Length: > 0 } code ? code : call.Answer.Outcome.ToString())
            .OrderByDescending(group => group.Count())
            .Select(group => $"{group.Key} {group.Count()}"));
}
