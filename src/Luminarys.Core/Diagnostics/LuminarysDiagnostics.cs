using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Luminarys.Diagnostics;

/// <summary>The one place where the activity source, the meter and the instruments are named.</summary>
public static class LuminarysDiagnostics
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string SourceName = "Luminarys";

    private static readonly Meter s_meter = new(SourceName);

    /// <summary>Source of the spans of calls.</summary>
    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Duration of calls in seconds, by outcome (<c>error.type</c>) and by place (<c>luminarys.place</c>: here or elsewhere).</summary>
    public static Histogram<double> CallDuration { get; } =
        s_meter.CreateHistogram<double>("luminarys.call.duration", "s", "Duration of calls.");

    /// <summary>Bus messages that were dropped, by reason.</summary>
    public static Counter<long> DroppedMessages { get; } =
        s_meter.CreateCounter<long>("luminarys.bus.dropped", "{message}", "Bus messages that were not acted upon.");

    /// <summary>Events of skills that went no further, by reason.</summary>
    public static Counter<long> DroppedEvents { get; } =
        s_meter.CreateCounter<long>("luminarys.skill.events.dropped", "{event}", "Events of skills that did not reach the other nodes.");

    /// <summary>Acts of skills that their manifests do not allow, by <c>luminarys.function</c>.</summary>
    public static Counter<long> DeniedActs { get; } = s_meter.CreateCounter<long>("luminarys.skill.denied", "{act}", "Acts of skills that were denied.");

    /// <summary>What nodes tried and may not, by <c>luminarys.kind</c>.</summary>
    public static Counter<long> SecurityEvents { get; } =
        s_meter.CreateCounter<long>("luminarys.security.events", "{event}", "What nodes tried and may not.");
}
