using System.Collections.Frozen;
using Luminarys.Files.Native;
using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>
/// File systems that are a view of the kernel and not somebody's files: proc, sysfs, cgroup, devices and their like. A grant of <c>/</c> does
/// not open them; one that names such a tree does.
/// </summary>
internal static class KernelTrees
{
    // The device tree tells the same type as any tmpfs, so its place has to do.
    private const string Devices = "/dev";
    private const long DeviceTree = -1;

    private static readonly FrozenSet<long> s_types = new long[]
    {
        0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0xf97cff8c, 0x1cd1, 0xcafe4a11, 0x6165676c, 0xde5e81e4,
        0x19800202, 0x42494e4d, 0x62656570, 0x6e736673, 0x09041934, 0x65735543, 0x43415d53, 0x67596969,
    }.ToFrozenSet();

    /// <summary>The type of the kernel's tree that holds a file; 0 when none does, null when the system does not tell.</summary>
    public static long? TypeOf(SafeFileHandle file, string realPath)
    {
        if (DirectoryPath.IsWithin(realPath, Devices))
        {
            return DeviceTree;
        }

        return Handles.StatFileSystem(file, out var status) == Errno.None
            ? s_types.Contains(status.Type & 0xFFFFFFFF) ? status.Type : 0
            : null;
    }
}
