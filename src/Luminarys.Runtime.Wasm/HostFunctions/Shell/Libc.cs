using System.Runtime.InteropServices;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>The calls of Linux that start, watch and end programs. The framework's own way of it reaps children that are not its own, inherits the
/// environment and cannot act between fork and exec.</summary>
internal static partial class Libc
{
    public const int Terminate = 15;
    public const int Kill = 9;
    public const int Interrupted = 4;
    public const int CloseOnExec = 0x80000;
    public const int NoHang = 1;
    public const short PollIn = 1;

    // Both calls came with Linux 5.3, with these numbers on every architecture.
    public const nint SignalProcess = 424;
    public const nint OpenProcess = 434;

    /// <summary>Opens a directory and nothing else, no link, as a handle that reads nothing. ARM and POWER count two of the flags differently.</summary>
    public static readonly int OpenDirectoryOnly = 0x200000 | CloseOnExec
        | (RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 0x10000 | 0x20000 : 0x4000 | 0x8000);

    private const string Name = "libc";

    /// <summary>One entry of <see cref="Poll"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Handle;
        public short Events;
        public short Returned;
    }

    /// <summary>The kernel's pair of limits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    /// <summary>Whose capabilities are meant; 0 for the calling thread's.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct CapabilityHeader
    {
        public uint Version;
        public int Thread;
    }

    /// <summary>32 capabilities.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct CapabilityWord
    {
        public uint Effective;
        public uint Permitted;
        public uint Inheritable;
    }

    [LibraryImport(Name, EntryPoint = "pipe2", SetLastError = true)]
    public static unsafe partial int Pipe(int* handles, int flags);

    [LibraryImport(Name, EntryPoint = "close")]
    public static partial void Close(int handle);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int handle, byte* buffer, nint length);

    [LibraryImport(Name, EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, int timeoutMs);

    [LibraryImport(Name, EntryPoint = "waitpid", SetLastError = true)]
    public static unsafe partial int WaitPid(int pid, int* status, int options);

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    public static partial int Signal(int pid, int signal);

    [LibraryImport(Name, EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport(Name, EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport(Name, EntryPoint = "capget", SetLastError = true)]
    public static unsafe partial int GetCapabilities(CapabilityHeader* header, CapabilityWord* words);

    [LibraryImport(Name, EntryPoint = "capset", SetLastError = true)]
    public static unsafe partial int SetCapabilities(CapabilityHeader* header, CapabilityWord* words);

    [LibraryImport(Name, EntryPoint = "prlimit64", SetLastError = true)]
    public static unsafe partial int SetLimit(int pid, int resource, Limit* limit, Limit* old);

    [LibraryImport(Name, EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int OpenAt(int directory, string path, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport(Name, EntryPoint = "posix_spawn")]
    public static unsafe partial int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_init")]
    public static unsafe partial int ActionsInit(void* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static unsafe partial void ActionsDestroy(void* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addfchdir_np")]
    public static unsafe partial int ActionsAddDirectory(void* actions, int handle);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int ActionsAddOpen(void* actions, int handle, string path, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static unsafe partial int ActionsAddCopy(void* actions, int handle, int target);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static unsafe partial int ActionsAddCloseFrom(void* actions, int handle);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_init")]
    public static unsafe partial int AttributesInit(void* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_destroy")]
    public static unsafe partial void AttributesDestroy(void* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setflags")]
    public static unsafe partial int AttributesSetFlags(void* attributes, short flags);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigmask")]
    public static unsafe partial int AttributesSetMask(void* attributes, void* signals);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static unsafe partial int AttributesSetDefault(void* attributes, void* signals);
}
