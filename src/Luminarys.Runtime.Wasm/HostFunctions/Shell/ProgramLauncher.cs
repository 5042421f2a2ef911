using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// Starts programs with <c>posix_spawn</c>: in a new session, with default signals, three streams and nothing else open, in a work directory given by its
/// handle. Protections that the kernel ties to a thread are put on a thread that lives for one start and hands them on to the program.
/// </summary>
internal static class ProgramLauncher
{
    private const string LimitProgram = "/usr/bin/prlimit";
    private const long MaxFileSize = 1L << 30;
    private const int MaxFiles = 1024;
    private const int StackSize = 256 * 1024;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int NoNewPrivileges = 38;
    private const int OwnNetwork = 0x40000000;

    // Larger than the C library's structures on every architecture.
    private const int StructureSize = 1024;
    private const int FirstClosed = 3;

    /// <summary>Starts a program.</summary>
    public static LaunchedProgram Start(LaunchPlan plan, ShellDefences defences)
    {
        LaunchedProgram? launched = null;
        var thread = new Thread(() => launched = Launch(plan, defences), StackSize) { IsBackground = true, Name = "luminarys-launch" };
        thread.UnsafeStart();
        thread.Join();
        return launched!;
    }

    private static unsafe LaunchedProgram Launch(LaunchPlan plan, ShellDefences defences)
    {
        var shortfall = Libc.Control(NoNewPrivileges, 1, 0, 0, 0) != 0 ? "no lock of privileges" : null;
        shortfall = plan.HasOwnNetwork && Libc.Unshare(OwnNetwork) != 0 ? "no network of its own" : shortfall;
        if (defences.Fence && plan.Fence?.Raise() == false)
        {
            shortfall = shortfall is null ? "no fence of the kernel" : $"{shortfall}, no fence of the kernel";
        }

        var pipe = stackalloc int[2];
        if (Libc.Pipe(pipe, Libc.CloseOnExec) != 0)
        {
            return new(0, -1, Marshal.GetLastPInvokeError(), shortfall);
        }

        var (pid, error) = Spawn(plan, pipe[1], defences);
        Libc.Close(pipe[1]);
        if (error != 0)
        {
            Libc.Close(pipe[0]);
            return new(0, -1, error, shortfall);
        }

        if (defences.Limits && !HasLimitProgram)
        {
            SetLimits(pid, plan);
            shortfall ??= $"limits only after the start, because {LimitProgram} is missing";
        }

        return new(pid, pipe[0], 0, shortfall);
    }

    private static bool HasLimitProgram => File.Exists(LimitProgram);

    private static unsafe (int Pid, int Error) Spawn(LaunchPlan plan, int output, ShellDefences defences)
    {
        var useLimits = defences.Limits && HasLimitProgram;
        var arguments = useLimits ? [.. LimitWords(plan), plan.Program, .. plan.Arguments.Skip(1)] : plan.Arguments;
        using var argumentVector = new NativeTexts(arguments);
        using var environment = new NativeTexts(plan.Environment);
        using var path = new NativeTexts([useLimits ? LimitProgram : plan.Program]);
        var actions = stackalloc byte[StructureSize];
        var attributes = stackalloc byte[StructureSize];
        var noSignals = stackalloc byte[StructureSize];
        var allSignals = stackalloc byte[StructureSize];
        new Span<byte>(noSignals, StructureSize).Clear();
        new Span<byte>(allSignals, StructureSize).Fill(0xff);
        var isHeld = false;
        var error = Libc.ActionsInit(actions) | Libc.AttributesInit(attributes);
        try
        {
            plan.WorkDirectory.DangerousAddRef(ref isHeld);
            error |= Libc.ActionsAddDirectory(actions, (int)plan.WorkDirectory.DangerousGetHandle())
                | Libc.ActionsAddOpen(actions, 0, "/dev/null", 0, 0)
                | Libc.ActionsAddCopy(actions, output, 1)
                | Libc.ActionsAddCopy(actions, output, 2)
                | (defences.ClosedHandles ? Libc.ActionsAddCloseFrom(actions, FirstClosed) : 0)
                | Libc.AttributesSetFlags(attributes, SetSession | SetSignalMask | SetSignalDefaults)
                | Libc.AttributesSetMask(attributes, noSignals)
                | Libc.AttributesSetDefault(attributes, allSignals);
            var pid = 0;
            error = error != 0 ? error : Libc.Spawn(&pid, path.Pointer[0], actions, attributes, argumentVector.Pointer, environment.Pointer);
            return (error == 0 ? pid : 0, error);
        }
        finally
        {
            if (isHeld)
            {
                plan.WorkDirectory.DangerousRelease();
            }

            Libc.ActionsDestroy(actions);
            Libc.AttributesDestroy(attributes);
        }
    }

    private static IEnumerable<string> LimitWords(LaunchPlan plan)
    {
        yield return "prlimit";
        yield return $"--nofile={MaxFiles}";
        yield return $"--fsize={MaxFileSize}";
        yield return "--core=0";
        yield return $"--rttime={plan.Mark}";
        if (plan.ProcessorTime > 0)
        {
            yield return $"--cpu={plan.ProcessorTime}";
        }

        yield return "--";
    }

    private static unsafe void SetLimits(int pid, LaunchPlan plan)
    {
        Set(pid, resource: 7, MaxFiles);
        Set(pid, resource: 1, MaxFileSize);
        Set(pid, resource: 4, 0);
        Set(pid, resource: 15, ulong.Parse(plan.Mark, CultureInfo.InvariantCulture));
        if (plan.ProcessorTime > 0)
        {
            Set(pid, resource: 0, (ulong)plan.ProcessorTime);
        }

        static void Set(int pid, int resource, ulong value)
        {
            var limit = new Libc.Limit { Soft = value, Hard = value };
            _ = Libc.SetLimit(pid, resource, &limit, null);
        }
    }

    /// <summary>An array of texts as C has it, ended by a null.</summary>
    private sealed unsafe class NativeTexts : IDisposable
    {
        private readonly int _count;

        public NativeTexts(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
            for (var i = 0; i < texts.Count; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(texts[i]);
                Pointer[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
                bytes.CopyTo(new Span<byte>(Pointer[i], bytes.Length));
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (var i = 0; i < _count; i++)
            {
                NativeMemory.Free(Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }
}
