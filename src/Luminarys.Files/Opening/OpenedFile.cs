using Luminarys.Files.Native;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>A file or directory that was opened as a path handle and judged.</summary>
internal sealed class OpenedFile(SafeFileHandle handle, FileStatus status, string realPath) : IDisposable
{
    public SafeFileHandle Handle { get; } = handle;

    public FileStatus Status { get; } = status;

    /// <summary>Where it was when it was judged.</summary>
    public string RealPath { get; } = realPath;

    public bool IsDirectory => Status.Kind == FileKind.Directory;

    /// <summary>Opens the same file for use.</summary>
    public FileResult<SafeFileHandle> Reopen(int flags, string path)
    {
        var errno = Handles.Reopen(Handle, flags, out var handle);
        if (errno == Errno.None)
        {
            return handle;
        }

        handle.Dispose();
        return FileFaultMap.From(errno, path);
    }

    public void Dispose() => Handle.Dispose();
}
