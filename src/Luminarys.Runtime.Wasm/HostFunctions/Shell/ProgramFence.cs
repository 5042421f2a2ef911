using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// The files that a program may touch, enforced by the kernel's Landlock on the thread that starts it and on everything that comes of it. Source of the
/// numbers: the kernel's <c>linux/landlock.h</c>.
/// </summary>
/// <param name="ReadOnly">Directories and files of the system to read.</param>
/// <param name="Runnable">Directories of the system to read and run programs of.</param>
/// <param name="ReadWrite">The program's own directories and files, to read, change and run programs of.</param>
/// <param name="Grants">What the manifest opens, to read and run, or to change as well. Not owned.</param>
internal sealed record ProgramFence(
    ImmutableArray<string> ReadOnly, ImmutableArray<string> Runnable, ImmutableArray<string> ReadWrite, FencedGrants Grants)
{
    private const nint CreateRuleset = 444;
    private const nint AddRule = 445;
    private const nint RestrictSelf = 446;
    private const int AskVersion = 1;
    private const int AskErrata = 2;
    private const int ScopeVersion = 6;
    private const ulong AbstractSockets = 1;
    private const ulong Signals = 2;
    private const int PathBeneath = 1;
    private const int OpenPath = 0x200000 | Libc.CloseOnExec;
    private const int CurrentDirectory = -100;
    private const ulong Execute = 1;
    private const ulong ReadFile = 1 << 2;
    private const ulong ReadDirectory = 1 << 3;
    private const ulong OnFiles = 1 | (1 << 1) | (1 << 2) | (1 << 14) | (1 << 15);

    /// <summary>Whether this kernel has it.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Libc.SystemCall(CreateRuleset, 0, 0, AskVersion, 0) > 0;

    /// <summary>Makes the rules; answers a handle that the caller owns, or -1 when the kernel refuses.</summary>
    public unsafe int Open()
    {
        var version = (int)Libc.SystemCall(CreateRuleset, 0, 0, AskVersion, 0);
        var handled = HandledBy(version);
        if (handled == 0)
        {
            return -1;
        }

        var request = new Request { Files = handled, Scopes = version >= ScopeVersion ? AbstractSockets | SignalScope : 0 };
        var ruleset = (int)Libc.SystemCall(CreateRuleset, (nint)(&request), version >= ScopeVersion ? sizeof(Request) : sizeof(ulong), 0, 0);
        if (ruleset >= 0)
        {
            Allow(ruleset, ReadOnly, ReadFile | ReadDirectory);
            Allow(ruleset, Runnable, Execute | ReadFile | ReadDirectory);
            Allow(ruleset, ReadWrite, handled);
            foreach (var (handle, isDirectory, mode) in Grants.Open())
            {
                using (handle)
                {
                    Allow(ruleset, handle, isDirectory, mode == AccessMode.ReadWrite ? handled : Execute | ReadFile | ReadDirectory);
                }
            }
        }

        return ruleset;
    }

    /// <summary>Puts the calling thread behind the fence, for ever; answers false when the kernel does not.</summary>
    public static bool TryRaise(int ruleset) => Libc.SystemCall(RestrictSelf, ruleset, 0, 0, 0) == 0;

    // A program then signals its own processes only. Before the kernel's second correction a thread behind the fence could not signal its own process, as the
    // framework does when it collects garbage.
    private static ulong SignalScope => (Libc.SystemCall(CreateRuleset, 0, 0, AskErrata, 0) & 2) != 0 ? Signals : 0;

    // Later versions know more kinds of access; only those can be handled.
    private static ulong HandledBy(int version) => version switch
    {
        <= 0 => 0,
        1 => (1UL << 13) - 1,
        2 => (1UL << 14) - 1,
        3 or 4 => (1UL << 15) - 1,
        _ => (1UL << 16) - 1,
    };

    /// <summary>Opens a file or directory for a rule, following links; null when there is none.</summary>
    public static SafeFileHandle? OpenByName(string path)
    {
        var handle = Libc.OpenAt(CurrentDirectory, path, OpenPath, 0);
        return handle < 0 ? null : new(handle, ownsHandle: true);
    }

    // A path that does not exist needs no rule.
    private static void Allow(int ruleset, ImmutableArray<string> paths, ulong access)
    {
        foreach (var path in paths)
        {
            if (OpenByName(path) is { } handle)
            {
                using (handle)
                {
                    Allow(ruleset, handle, Directory.Exists(path), access);
                }
            }
        }
    }

    private static unsafe void Allow(int ruleset, SafeHandle handle, bool isDirectory, ulong access)
    {
        var isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            var rule = new Rule { Access = isDirectory ? access : access & OnFiles, Handle = (int)handle.DangerousGetHandle() };
            Libc.SystemCall(AddRule, ruleset, PathBeneath, (nint)(&rule), 0);
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Request
    {
        public ulong Files;
        public ulong Network;
        public ulong Scopes;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Rule
    {
        public ulong Access;
        public int Handle;
    }
}
