using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Native;

/// <summary>
/// The system calls of this project, one line each, named as the manual pages name them. Nothing here decides: <see cref="Handles"/> gives them
/// words. Paths are UTF-8 and end with a NUL. Every call that takes a directory handle takes one last segment with it, except <c>openat2</c>.
/// </summary>
internal static partial class Libc
{
    public const int OpenAt2 = 437;
    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint OpenAt2Call(nint number, SafeHandle directory, ReadOnlySpan<byte> path, in OpenHow how, nuint size);

    [LibraryImport(Name, EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(SafeHandle directory, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true)]
    public static partial int Open(ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "statx", SetLastError = true)]
    public static partial int Statx(SafeHandle directory, ReadOnlySpan<byte> path, int flags, uint mask, out StatxBuffer status);

    [LibraryImport(Name, EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int Fstatfs(SafeHandle file, out StatfsBuffer status);

    [LibraryImport(Name, EntryPoint = "readlink", SetLastError = true)]
    public static partial nint ReadLink(ReadOnlySpan<byte> path, Span<byte> buffer, nuint size);

    [LibraryImport(Name, EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint GetDents(SafeHandle directory, Span<byte> buffer, nuint size);

    [LibraryImport(Name, EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MkdirAt(SafeHandle directory, ReadOnlySpan<byte> name, uint mode);

    [LibraryImport(Name, EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(SafeHandle directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport(Name, EntryPoint = "renameat2", SetLastError = true)]
    public static partial int RenameAt2(SafeHandle from, ReadOnlySpan<byte> name, SafeHandle to, ReadOnlySpan<byte> newName, uint flags);

    [LibraryImport(Name, EntryPoint = "linkat", SetLastError = true)]
    public static partial int LinkAt(SafeHandle from, ReadOnlySpan<byte> name, SafeHandle to, ReadOnlySpan<byte> newName, int flags);

    [LibraryImport(Name, EntryPoint = "chmod", SetLastError = true)]
    public static partial int Chmod(ReadOnlySpan<byte> path, uint mode);

    [LibraryImport(Name, EntryPoint = "fchmod", SetLastError = true)]
    public static partial int Fchmod(SafeHandle file, uint mode);

    [LibraryImport(Name, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(SafeHandle file);

    [LibraryImport(Name, EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Fallocate(SafeHandle file, int mode, long offset, long length);

    [LibraryImport(Name, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Ftruncate(SafeHandle file, long length);

    [LibraryImport(Name, EntryPoint = "syncfs", SetLastError = true)]
    public static partial int Syncfs(SafeHandle file);

    [LibraryImport(Name, EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeHandle file, int operation);
}
