using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Native;

/// <summary>Acts on handles. Each answers <see cref="Errno.None"/> or what the system said.</summary>
internal static class Handles
{
    public const uint MountMask = 0x1000;
    private const uint BasicMask = 0x07FF;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const int RemoveDirectoryFlag = 0x200;
    private const uint NoReplace = 1;
    private const int LockNow = 2 | 4;
    private const int UnlockNow = 8;
    private const int KeepSize = 1;
    private static readonly byte[] s_empty = [0];

    /// <summary>Opens a path of the operator, following links.</summary>
    public static Errno Open(string path, int flags, out SafeFileHandle handle) =>
        Take(Libc.Open(NativePath.Encode(path), flags | OpenFlags.CloseOnExec, 0), out handle);

    /// <summary>Opens one name in a directory.</summary>
    public static Errno OpenAt(SafeHandle directory, ReadOnlySpan<byte> name, int flags, out SafeFileHandle handle, UnixFileMode mode = 0) =>
        Take(Libc.OpenAt(directory, name, flags | OpenFlags.CloseOnExec | OpenFlags.NoTerminal, (uint)mode), out handle);

    /// <summary>Opens a path beneath a directory as a path handle, by rules that the kernel keeps.</summary>
    public static Errno OpenBeneath(SafeHandle directory, ReadOnlySpan<byte> path, ulong resolve, out SafeFileHandle handle)
    {
        var how = new OpenHow { Flags = OpenFlags.Path | OpenFlags.CloseOnExec, Resolve = resolve };
        return Take((int)Libc.OpenAt2Call(Libc.OpenAt2, directory, path, how, (nuint)Marshal.SizeOf<OpenHow>()), out handle);
    }

    /// <summary>Opens the same file again with other access. The handle says which file: its name is not looked up.</summary>
    public static Errno Reopen(SafeFileHandle file, int flags, out SafeFileHandle handle)
    {
        using var path = new SelfPath(file);
        return Take(Libc.Open(path.Bytes, flags | OpenFlags.CloseOnExec | OpenFlags.NoTerminal | OpenFlags.NonBlocking, 0), out handle);
    }

    /// <summary>Tells about the file of a handle.</summary>
    public static Errno Stat(SafeHandle file, out FileStatus status) => StatAt(file, s_empty, EmptyPath, out status);

    /// <summary>Tells about a name in a directory, and of a link itself.</summary>
    public static Errno StatAt(SafeHandle directory, ReadOnlySpan<byte> name, out FileStatus status) => StatAt(directory, name, NoFollow, out status);

    /// <summary>Tells about the file system of a handle.</summary>
    public static Errno StatFileSystem(SafeHandle file, out StatfsBuffer status) => Of(Libc.Fstatfs(file, out status));

    /// <summary>Where the file of a handle is now. A removed file has a path that no other has.</summary>
    public static Errno RealPath(SafeFileHandle file, out string path)
    {
        using var self = new SelfPath(file);
        Span<byte> buffer = stackalloc byte[4352];
        var length = Libc.ReadLink(self.Bytes, buffer, (nuint)buffer.Length);
        path = length <= 0 ? "" : Encoding.UTF8.GetString(buffer[..(int)length]);
        return length < 0 ? Last() : length == buffer.Length ? Errno.NameTooLong : Errno.None;
    }

    /// <summary>Sets the permission bits of the file of a handle.</summary>
    public static Errno SetMode(SafeFileHandle file, UnixFileMode mode)
    {
        using var path = new SelfPath(file);
        return Of(Libc.Chmod(path.Bytes, (uint)mode));
    }

    public static Errno MakeDirectory(SafeHandle directory, ReadOnlySpan<byte> name, UnixFileMode mode) => Of(Libc.MkdirAt(directory, name, (uint)mode));

    public static Errno Unlink(SafeHandle directory, ReadOnlySpan<byte> name) => Of(Libc.UnlinkAt(directory, name, 0));

    public static Errno RemoveDirectory(SafeHandle directory, ReadOnlySpan<byte> name) => Of(Libc.UnlinkAt(directory, name, RemoveDirectoryFlag));

    /// <summary>Gives a file another name, in place of the file that has it.</summary>
    public static Errno Rename(SafeHandle from, ReadOnlySpan<byte> name, SafeHandle to, ReadOnlySpan<byte> newName) =>
        Of(Libc.RenameAt2(from, name, to, newName, 0));

    /// <summary>Gives a file another name that nothing has. Some file systems can only do it with a second link.</summary>
    public static Errno RenameNew(SafeHandle from, ReadOnlySpan<byte> name, SafeHandle to, ReadOnlySpan<byte> newName)
    {
        var errno = Of(Libc.RenameAt2(from, name, to, newName, NoReplace));
        if (errno is not (Errno.InvalidArgument or Errno.NotImplemented))
        {
            return errno;
        }

        errno = Of(Libc.LinkAt(from, name, to, newName, 0));
        return errno == Errno.None ? Unlink(from, name) : errno;
    }

    /// <summary>Waits until the content of a file is on the disk.</summary>
    public static Errno Flush(SafeHandle file) => Of(Libc.Fsync(file));

    /// <summary>Waits until the names of a directory are on the disk. Takes a path handle too.</summary>
    public static Errno FlushDirectory(SafeHandle directory)
    {
        var errno = OpenAt(directory, NativePath.Self, OpenFlags.ReadOnly | OpenFlags.Directory, out var readable);
        using (readable)
        {
            return errno == Errno.None ? Flush(readable) : errno;
        }
    }

    /// <summary>Takes the blocks that a file of this length needs, without making it any longer. Some file systems cannot.</summary>
    public static Errno Allocate(SafeHandle file, long length) => Of(Libc.Fallocate(file, KeepSize, 0, length));

    /// <summary>Cuts a file, or makes it longer.</summary>
    public static Errno Truncate(SafeHandle file, long length) => Of(Libc.Ftruncate(file, length));

    /// <summary>Waits until everything of a file system is on the disk.</summary>
    public static Errno FlushFileSystem(SafeHandle file) => Of(Libc.Syncfs(file));

    /// <summary>Locks a file for as long as its handle is open; fails at once when another handle has it.</summary>
    public static Errno Lock(SafeHandle file) => Of(Libc.Flock(file, LockNow));

    /// <summary>Gives the lock back.</summary>
    public static Errno Unlock(SafeHandle file) => Of(Libc.Flock(file, UnlockNow));

    /// <summary>The names in a directory that is open for reading, unsorted, without <c>.</c> and <c>..</c>; no more than a limit.</summary>
    public static Errno Read(SafeHandle directory, int limit, List<NamedEntry> entries)
    {
        var buffer = new byte[32 * 1024];
        while (true)
        {
            var length = (int)Libc.GetDents(directory, buffer, (nuint)buffer.Length);
            if (length <= 0)
            {
                return length < 0 ? Last() : Errno.None;
            }

            for (var at = 0; at < length && entries.Count < limit;)
            {
                var record = buffer.AsSpan(at, BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16)));
                at += record.Length;
                var name = record[19..];
                name = name[..(name.IndexOf((byte)0) + 1)];
                if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
                {
                    entries.Add(new(name.ToArray(), record[18] switch { 4 => FileKind.Directory, 8 => FileKind.Regular, 10 => FileKind.Link, _ => FileKind.Other }));
                }
            }

            if (entries.Count >= limit)
            {
                return Errno.None;
            }
        }
    }

    private static Errno StatAt(SafeHandle directory, ReadOnlySpan<byte> name, int flags, out FileStatus status)
    {
        var errno = Of(Libc.Statx(directory, name, flags, BasicMask | MountMask, out var buffer));
        status = errno == Errno.None ? FileStatus.From(buffer) : default;
        return errno;
    }

    private static Errno Take(int descriptor, out SafeFileHandle handle)
    {
        var errno = Of(descriptor);
        handle = new(descriptor, ownsHandle: true);
        return errno;
    }

    private static Errno Of(int result) => result < 0 ? Last() : Errno.None;

    private static Errno Last() => (Errno)Marshal.GetLastPInvokeError();

    // The name under which the process finds its own handle; holds the handle open while the name is in use.
    private readonly ref struct SelfPath
    {
        private readonly SafeFileHandle _file;

        public SelfPath(SafeFileHandle file)
        {
            var added = false;
            file.DangerousAddRef(ref added);
            _file = file;
            Bytes = NativePath.Encode(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}"));
        }

        public byte[] Bytes { get; }

        public void Dispose() => _file.DangerousRelease();
    }
}
