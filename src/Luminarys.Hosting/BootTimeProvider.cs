using System.Runtime.InteropServices;

namespace Luminarys.Hosting;

/// <summary>
/// The system's clock with timestamps that go on while the machine sleeps: a node that slept must not believe that no time has passed.
/// Linux only; elsewhere the framework's monotonic clock is used.
/// </summary>
internal sealed partial class BootTimeProvider : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly bool _hasBootTime = OperatingSystem.IsLinux();

    private BootTimeProvider()
    {
    }

    public static BootTimeProvider Instance { get; } = new();

    public override long TimestampFrequency => _hasBootTime ? NanosecondsPerSecond : base.TimestampFrequency;

    public override long GetTimestamp()
    {
        if (!_hasBootTime)
        {
            return base.GetTimestamp();
        }

        // clock_gettime(2) cannot fail for a clock that every supported kernel has.
        _ = ClockGetTime(ClockBootTime, out var time);
        return ((long)time.Seconds * NanosecondsPerSecond) + (long)time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
