using Luminarys.Files.Native;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>What an operator asks of every write.</summary>
/// <param name="IsDurable">Whether a file is on the disk before it has its name.</param>
/// <param name="AllowHardLinks">Whether a file with several names may be changed.</param>
/// <param name="Reserve">Bytes of a file system of so many bytes that stay free.</param>
internal sealed record WritePolicy(bool IsDurable, bool AllowHardLinks, Func<long, long> Reserve)
{
    private const long LeastReserve = 256L * 1024 * 1024;

    /// <summary>Whether a file that comes from elsewhere takes its room before its first byte.</summary>
    public bool TakesRoomAhead { get; init; } = true;

    /// <summary>The larger of 256 MiB and one percent.</summary>
    public static long DefaultReserve(long total) => Math.Max(LeastReserve, total / 100);

    /// <summary>Whether the file system of a handle has room.</summary>
    public FileFault? CheckSpace(SafeFileHandle directory, string path)
    {
        var errno = Handles.StatFileSystem(directory, out var status);
        if (errno != Errno.None)
        {
            return FileFaultMap.From(errno, path);
        }

        var space = status.ToDiskSpace();
        return space.Available < Reserve(space.Total) ? FileFaultMap.From(Errno.NoSpace, path) : null;
    }

    /// <summary>Whether a file may be changed, given what is known of it.</summary>
    public FileFault? CheckLinks(in FileStatus status, string path) =>
        status.Kind == FileKind.Regular && status.Links > 1 && !AllowHardLinks
            ? FileFaultMap.Denied(path, "fs.allow_hardlinks is off, and the file has several names")
            : null;
}
