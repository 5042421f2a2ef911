namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>The system's limits on a program. None is above the host's own: the system refuses to raise one, and the program would not start.</summary>
internal static class ProgramLimits
{
    private const int ProcessorTime = 0;
    private const int FileSize = 1;
    private const int Core = 4;
    private const int Files = 7;
    private const int RealTime = 15;
    private const ulong MaxFileSize = 1UL << 30;
    private const ulong MaxFiles = 1024;

    /// <summary>Whether the limit that marks processes can be set: the host itself has none.</summary>
    public static bool CanMark { get; } = OperatingSystem.IsLinux() && Highest(RealTime) == ulong.MaxValue;

    /// <summary>The limits of a program.</summary>
    public static IEnumerable<ProgramLimit> Of(LaunchPlan plan)
    {
        yield return Lowered("nofile", Files, MaxFiles);
        yield return Lowered("fsize", FileSize, MaxFileSize);
        yield return new("core", Core, 0);
        if (plan.ProcessorTime > 0)
        {
            yield return Lowered("cpu", ProcessorTime, (ulong)plan.ProcessorTime);
        }

        if (CanMark)
        {
            yield return new("rttime", RealTime, plan.Mark.Limit);
        }
    }

    /// <summary>Puts a limit on a running process; answers whether the system did.</summary>
    public static unsafe bool TrySet(int pid, ProgramLimit limit)
    {
        var both = new Libc.Limit { Soft = limit.Value, Hard = limit.Value };
        return Libc.SetLimit(pid, limit.Resource, &both, null) == 0;
    }

    private static ProgramLimit Lowered(string option, int resource, ulong value) => new(option, resource, Math.Min(value, Highest(resource)));

    private static unsafe ulong Highest(int resource)
    {
        Libc.Limit own;
        return Libc.SetLimit(0, resource, null, &own) == 0 ? own.Hard : ulong.MaxValue;
    }
}
