using System.Globalization;
using Luminarys.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Lmsk.Running;

/// <summary>
/// Prints what a skill does while it runs: its log lines and its host calls, in their order. Texts of the skill are foreign: none of them reaches the
/// terminal as it is. Thread-safe.
/// </summary>
internal sealed class TrialReport(TextWriter output) : ISkillObserver
{
    private const int MaxText = 2000;

    private readonly Lock _gate = new();

    /// <summary>Host calls so far.</summary>
    public int HostCalls { get; private set; }

    /// <summary>Linear memory at its largest, in bytes.</summary>
    public long MemoryBytes { get; private set; }

    /// <summary>Milliseconds or seconds, for people.</summary>
    public static string Format(TimeSpan time) => time.TotalSeconds >= 10
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00} ms");

    /// <inheritdoc/>
    public void HostCallEnded(HostCallReport report)
    {
        // A log line is printed as such.
        if (report is { Function: "log_write", Error: null })
        {
            return;
        }

        var outcome = report switch
        {
            { IsDenied: true, Verdict: var verdict } => $"denied ({verdict!.Rule})",
            { Error: { } error } => $"failed ({LogText.Visible(error, MaxText)})",
            { Verdict: { } verdict } => $"allowed ({verdict.Rule})",
            _ => "ok",
        };
        lock (_gate)
        {
            HostCalls++;
            var resource = report.Resource.Length > 0 ? $" {report.Resource}" : "";
            output.WriteLine($"host  {report.Function}{resource}: {outcome}, {Format(report.Duration)}");
            if (report.IsDenied)
            {
                var remedy = report.Verdict!.Remedy;
                output.WriteLine($"      to allow it: {(remedy.Length > 0 ? remedy : "no manifest can allow it")}");
            }
        }
    }

    /// <inheritdoc/>
    public void CallEnded(SkillId skill, CallId call, long memoryBytes)
    {
        lock (_gate)
        {
            MemoryBytes = Math.Max(MemoryBytes, memoryBytes);
        }
    }

    /// <summary>Prints where in its source a skill gave up, as far as the guest says.</summary>
    public void WriteOrigin(string place)
    {
        if (place.Length > 0)
        {
            lock (_gate)
            {
                output.WriteLine($"at    {LogText.Visible(place, MaxText)}");
            }
        }
    }

    /// <summary>Prints a line of the skill, or of the host about it.</summary>
    public void Write(LogLevel level, string text)
    {
        lock (_gate)
        {
            output.WriteLine($"log   {level.ToString().ToLowerInvariant()}: {LogText.Visible(text, MaxText)}");
        }
    }
}
