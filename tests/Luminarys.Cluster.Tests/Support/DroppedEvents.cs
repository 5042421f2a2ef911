using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Luminarys.Diagnostics;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Counts the events that go no further, by reason.</summary>
internal sealed class DroppedEvents : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly MeterListener _listener = new();

    public DroppedEvents()
    {
        _listener.SetMeasurementEventCallback<long>((_, amount, tags, _) =>
            _counts.AddOrUpdate((string)tags[0].Value!, amount, (_, before) => before + amount));
        _listener.EnableMeasurementEvents(LuminarysDiagnostics.DroppedEvents);
        _listener.Start();
    }

    public long Count(string reason) => _counts.GetValueOrDefault(reason);

    public void Dispose() => _listener.Dispose();
}
