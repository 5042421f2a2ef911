using System.Diagnostics;
#if CRASH_POINTS
using System.Runtime.InteropServices;
#endif

namespace Luminarys;

// Named steps of a transfer at which a process can be made to die, to prove that it may. With LM_CRASH_AT=name:n in its environment a process kills itself when it passes
// the step for the n-th time: no cleanup, no last words. Compiled with the property CrashPoints only; in every other build the calls, their arguments and everything
// below are gone, and so are these lines, which are no documentation for that reason.

/// <summary>Marks steps for builds that test them.</summary>
internal static partial class CrashPoints
{
    /// <summary>A step is passed.</summary>
    /// <param name="point">Its name.</param>
    /// <param name="when">Whether it counts.</param>
    [Conditional("CRASH_POINTS")]
    public static void Pass(string point, bool when = true)
    {
#if CRASH_POINTS
        if (when && point == s_armed.Point && Interlocked.Increment(ref s_passed) == s_armed.Number)
        {
            _ = Kill(Environment.ProcessId, SigKill);
            Thread.Sleep(Timeout.Infinite);
        }
#endif
    }

#if CRASH_POINTS
    /// <summary>Of the environment of a process.</summary>
    public const string Variable = "LM_CRASH_AT";

    /// <summary>Every step, by the part that passes it, in the order of a transfer.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> All = new Dictionary<string, string[]>
    {
        ["source"] =
        [
            "source-opened", "source-accepted", "source-joined", "source-part-sealed", "source-part-sent", "source-mark-heard", "source-all-read",
            "source-finish-sent", "source-done-heard", "source-done-taken",
        ],
        ["sink"] =
        [
            "sink-part-made", "sink-room-taken", "sink-accepted", "sink-joined", "sink-part-written", "sink-part-flushed", "sink-flush-noted",
            "note-written", "note-flushed", "note-renamed", "note-named",
            "commit-begun", "commit-mode-set", "commit-flushed", "commit-announced", "commit-renamed", "commit-directory-flushed", "commit-stage-flushed", "commit-noted",
            "sink-done-sealed", "sink-done-sent",
        ],
        ["relay"] = ["relay-ticket-read", "relay-proved", "relay-paired", "relay-part-read", "relay-part-written", "relay-pair-ended"],
        ["master"] = ["master-start-taken", "master-start-passed", "master-offer-taken", "master-tickets-made", "master-offer-accepted", "master-report-taken"],
    };

    private const int SigKill = 9;
    private static readonly (string Point, int Number) s_armed = Read(Environment.GetEnvironmentVariable(Variable));
    private static int s_passed;

    private static (string Point, int Number) Read(string? text)
    {
        if (text is null)
        {
            return default;
        }

        var parts = text.Split(':');
        return parts.Length == 2 && All.Values.Any(points => points.Contains(parts[0])) && int.TryParse(parts[1], out var number) && number > 0
            ? (parts[0], number)
            : throw new InvalidOperationException($"{Variable}={text} names no step");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
#endif
}
