using System.Runtime.InteropServices;

namespace Luminarys.Files.Tests;

/// <summary>What tests need of the system that the library does not.</summary>
internal static partial class TestLibc
{
    public static int MakeQueue(string path) => Mkfifo(path, 0x1B6);

    public static int HardLink(string path, string newPath) => Link(path, newPath);

    /// <summary>Makes an empty file with any bytes as its name; the last one is a NUL.</summary>
    public static int MakeFile(byte[] path) => Mknod(path, 0x81A4, 0);

    /// <summary>Mounts a file system in memory; false where that is not allowed.</summary>
    public static bool MountMemory(string path, string? options = null) => Mount("none", path, "tmpfs", 0, options) == 0;

    public static bool Unmount(string path) => Umount(path) == 0;

    /// <summary>Does something as a user whom modes bind: root is one as well, without its capability to pass them.</summary>
    public static void BoundByModes(Action act)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            // Of this thread only, which ends with it.
            var capabilities = new uint[6];
            Assert.Equal(0, CapGet([CapabilityVersion, 0], capabilities));
            capabilities[0] &= ~PassModes;
            Assert.Equal(0, CapSet([CapabilityVersion, 0], capabilities));
            try
            {
                act();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (thrown is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
        }
    }

    private const uint CapabilityVersion = 0x20080522;
    private const uint PassModes = 0b110;

    [LibraryImport("libc", EntryPoint = "capget")]
    private static partial int CapGet(ReadOnlySpan<uint> header, Span<uint> data);

    [LibraryImport("libc", EntryPoint = "capset")]
    private static partial int CapSet(ReadOnlySpan<uint> header, ReadOnlySpan<uint> data);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mkfifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string newPath);

    [LibraryImport("libc", EntryPoint = "mknod")]
    private static partial int Mknod(ReadOnlySpan<byte> path, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, ulong flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Umount(string path);
}
