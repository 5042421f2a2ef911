using System.Runtime.InteropServices;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// Starts programs with <c>posix_spawn</c>: in a new session, with default signals, three streams and nothing else open, in a work directory given by its
/// handle. Protections that the kernel ties to a thread are put on a thread that lives for one start and hands them on to the program. A protection that
/// the system has and does not give stops the start.
/// </summary>
internal static class ProgramLauncher
{
    private const int StackSize = 256 * 1024;
    private const int NoNewPrivileges = 38;
    private const int OwnNetwork = 0x40000000;

    // The numbers of "operation not permitted" and "function not implemented".
    private const int NotPermitted = 1;
    private const int NotImplemented = 38;

    private static readonly bool s_hasLimitProgram = File.Exists(SpawnRequest.LimitProgram);

    /// <summary>Starts a program.</summary>
    public static unsafe LaunchedProgram Start(LaunchPlan plan, ShellDefences defences)
    {
        var ruleset = -1;
        if (defences.Fence && plan.Fence is { } fence && (ruleset = fence.Open()) < 0)
        {
            return LaunchedProgram.Failed(NotPermitted, "no fence of the kernel");
        }

        var pipe = stackalloc int[] { -1, -1 };
        var isHeld = false;
        try
        {
            if (Libc.Pipe(pipe, Libc.CloseOnExec) != 0)
            {
                return LaunchedProgram.Failed(Marshal.GetLastPInvokeError());
            }

            plan.WorkDirectory.DangerousAddRef(ref isHeld);
            var launched = Start(plan, pipe, ruleset, defences);
            pipe[0] = launched.Tree is null ? pipe[0] : -1;
            return launched;
        }
        catch (EntryPointNotFoundException)
        {
            return LaunchedProgram.Failed(NotImplemented, "the C library is too old to start programs");
        }
        finally
        {
            if (isHeld)
            {
                plan.WorkDirectory.DangerousRelease();
            }

            Close(pipe[0], pipe[1], ruleset);
        }
    }

    private static unsafe LaunchedProgram Start(LaunchPlan plan, int* pipe, int ruleset, ShellDefences defences)
    {
        var limits = defences.Limits ? ProgramLimits.Of(plan).Where(limit => defences.LimitMark || limit.Value != plan.Mark.Limit).ToArray() : [];
        using var request = new SpawnRequest(plan, pipe[1], defences.Limits && s_hasLimitProgram ? limits : null, defences.ClosedHandles);
        if (request.Fault != 0)
        {
            return LaunchedProgram.Failed(request.Fault);
        }

        var spawn = new Spawning(request, plan.HasOwnNetwork, ruleset);
        var thread = new Thread(spawn.Run, StackSize) { IsBackground = true, Name = "luminarys-launch" };
        lock (ProcessTree.Starting)
        {
            thread.UnsafeStart();
            thread.Join();
            if (spawn.Error != 0)
            {
                return LaunchedProgram.Failed(spawn.Error, spawn.Shortfall);
            }

            var shortfall = s_hasLimitProgram ? spawn.Shortfall : SetLimits(spawn.Pid, limits, spawn.Shortfall);
            return new(new ProcessTree(spawn.Pid, ProcessEntry.Find(spawn.Pid)?.Started ?? long.MaxValue, plan.Mark), spawn.Pid, pipe[0], 0, shortfall);
        }
    }

    private static string? SetLimits(int pid, ProgramLimit[] limits, string? shortfall)
    {
        var failed = limits.Where(limit => !ProgramLimits.TrySet(pid, limit)).Select(limit => $", and no {limit.Option}");
        return $"{(shortfall is null ? "" : $"{shortfall}; ")}limits only after the start, because {SpawnRequest.LimitProgram} is missing{string.Concat(failed)}";
    }

    private static void Close(params ReadOnlySpan<int> handles)
    {
        foreach (var handle in handles)
        {
            if (handle >= 0)
            {
                Libc.Close(handle);
            }
        }
    }

    /// <summary>What the thread does. It calls the system only: the framework could not load anything any more.</summary>
    private sealed class Spawning(SpawnRequest request, bool hasOwnNetwork, int ruleset)
    {
        public int Pid { get; private set; }

        public int Error { get; private set; }

        public string? Shortfall { get; private set; }

        public void Run()
        {
            if (Libc.Control(NoNewPrivileges, 1, 0, 0, 0) != 0)
            {
                (Error, Shortfall) = (NotPermitted, "no lock of privileges");
                return;
            }

            if (hasOwnNetwork && Libc.Unshare(OwnNetwork) != 0)
            {
                Shortfall = "no network of its own";
            }

            if (ruleset >= 0 && !(SystemPowers.TryGiveUp() && ProgramFence.TryRaise(ruleset)))
            {
                (Error, Shortfall) = (NotPermitted, "no fence of the kernel");
                return;
            }

            Error = request.Spawn(out var pid);
            Pid = pid;
        }
    }
}
