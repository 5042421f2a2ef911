using System.Globalization;
using System.Runtime.InteropServices;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// Everything that <c>posix_spawn</c> is given, laid out beforehand: the thread that makes the call can read no files of the host any more, not even
/// those of the framework.
/// </summary>
internal sealed unsafe class SpawnRequest : IDisposable
{
    /// <summary>Sets limits before the program begins.</summary>
    public const string LimitProgram = "/usr/bin/prlimit";

    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    // Larger than the C library's structures on every architecture.
    private const int StructureSize = 1024;
    private const int FirstClosed = 3;

    private readonly NativeTexts _path;
    private readonly NativeTexts _arguments;
    private readonly NativeTexts _environment;
    private readonly byte* _actions = (byte*)NativeMemory.AllocZeroed(StructureSize);
    private readonly byte* _attributes = (byte*)NativeMemory.AllocZeroed(StructureSize);

    /// <summary>Lays it out.</summary>
    /// <param name="plan">What to start. Its handle must stay open until the program has started.</param>
    /// <param name="output">Where both streams go.</param>
    /// <param name="limits">To be set beforehand; null to start the program without <see cref="LimitProgram"/>.</param>
    /// <param name="closeHandles">Whether the host's handles are closed; false in tests only.</param>
    public SpawnRequest(LaunchPlan plan, int output, IEnumerable<ProgramLimit>? limits, bool closeHandles)
    {
        _path = new([limits is null ? plan.Program : LimitProgram]);
        _arguments = new(limits is null ? plan.Arguments : [.. LimitWords(limits), plan.Program, .. plan.Arguments.Skip(1)]);
        _environment = new(plan.Environment);
        var noSignals = stackalloc byte[StructureSize];
        var allSignals = stackalloc byte[StructureSize];
        new Span<byte>(noSignals, StructureSize).Clear();
        new Span<byte>(allSignals, StructureSize).Fill(0xff);
        Fault = Libc.ActionsInit(_actions)
            | Libc.AttributesInit(_attributes)
            | Libc.ActionsAddDirectory(_actions, (int)plan.WorkDirectory.DangerousGetHandle())
            | Libc.ActionsAddOpen(_actions, 0, "/dev/null", 0, 0)
            | Libc.ActionsAddCopy(_actions, output, 1)
            | Libc.ActionsAddCopy(_actions, output, 2)
            | (closeHandles ? Libc.ActionsAddCloseFrom(_actions, FirstClosed) : 0)
            | Libc.AttributesSetFlags(_attributes, SetSession | SetSignalMask | SetSignalDefaults)
            | Libc.AttributesSetMask(_attributes, noSignals)
            | Libc.AttributesSetDefault(_attributes, allSignals);
    }

    /// <summary>Why it cannot be laid out; 0 when it can.</summary>
    public int Fault { get; }

    /// <summary>Starts the program; answers the system's error number, or 0.</summary>
    public int Spawn(out int pid)
    {
        int started;
        var error = Libc.Spawn(&started, _path.Pointer[0], _actions, _attributes, _arguments.Pointer, _environment.Pointer);
        pid = error == 0 ? started : 0;
        return error;
    }

    public void Dispose()
    {
        Libc.ActionsDestroy(_actions);
        Libc.AttributesDestroy(_attributes);
        NativeMemory.Free(_actions);
        NativeMemory.Free(_attributes);
        _path.Dispose();
        _arguments.Dispose();
        _environment.Dispose();
    }

    private static IEnumerable<string> LimitWords(IEnumerable<ProgramLimit> limits) =>
        ["prlimit", .. limits.Select(limit => string.Create(CultureInfo.InvariantCulture, $"--{limit.Option}={limit.Value}")), "--"];
}
