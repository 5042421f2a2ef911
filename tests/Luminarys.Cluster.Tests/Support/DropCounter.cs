using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Luminarys.Diagnostics;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Counts the messages that are dropped while it lives.</summary>
internal sealed class DropCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public DropCounter()
    {
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            Interlocked.Add(ref _count, value);
            foreach (var tag in tags)
            {
                Reasons.AddOrUpdate(tag.Value?.ToString() ?? "", value, (_, count) => count + value);
            }
        });
        _listener.EnableMeasurementEvents(LuminarysDiagnostics.DroppedMessages);
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public ConcurrentDictionary<string, long> Reasons { get; } = new();

    public void Dispose() => _listener.Dispose();
}
