using Luminarys.Files.Native;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>Judges what was opened by what it is and where it really is, whatever path led to it.</summary>
internal sealed class HandleJudge(AnchorSet anchors, FileDefences defences)
{
    /// <summary>Takes a path handle over: answers it as opened, or closes it and says why not.</summary>
    public FileResult<OpenedFile> Judge(SafeFileHandle handle, string path, AccessMode mode)
    {
        var errno = Handles.Stat(handle, out var status);
        var fault = errno != Errno.None ? FileFaultMap.From(errno, path) : null;
        var realPath = "";
        if (fault is null && (errno = Handles.RealPath(handle, out realPath)) != Errno.None)
        {
            fault = FileFaultMap.From(errno, path);
        }

        fault ??= JudgeKind(status, path) ?? JudgePlace(handle, path, realPath, mode);
        if (fault is not null)
        {
            handle.Dispose();
            return fault;
        }

        return new OpenedFile(handle, status, realPath);
    }

    /// <summary>Judges a real path that an act is about to change or read.</summary>
    public FileFault? JudgeRealPath(string path, string realPath, AccessMode mode)
    {
        if (!defences.RealPath)
        {
            return null;
        }

        if (anchors.Real.Find(realPath) is not { } match)
        {
            return FileFaultMap.Denied(path, anchors.Real.Judge(realPath, mode));
        }

        return match.Allows(mode) || !defences.NestedReadOnly ? null : FileFaultMap.Denied(path, anchors.Real.Judge(realPath, mode));
    }

    /// <summary>Judges the file system that holds a handle.</summary>
    public FileFault? JudgeTree(SafeFileHandle handle, string path, string realPath)
    {
        if (!defences.KernelTrees)
        {
            return null;
        }

        var type = KernelTrees.TypeOf(handle, realPath);
        return type == 0 || (type is not null && anchors.Real.Find(realPath) is { } match && IsNamed(match, type.Value))
            ? null
            : FileFaultMap.Denied(path, "a file system of the kernel is closed unless a grant names it");
    }

    private bool IsNamed(DirectoryMatch match, long type) =>
        anchors.AnchorOf(match.Index)?.KernelTree == type && anchors.Real.PatternOf(match.Index)!.IsLiteral;

    private FileFault? JudgePlace(SafeFileHandle handle, string path, string realPath, AccessMode mode) =>
        defences.ReservedNames && realPath.Contains($"/{DirectoryPath.ReservedPrefix}", StringComparison.Ordinal)
            ? FileFaultMap.Denied(path, "the host's own files are closed")
            : JudgeRealPath(path, realPath, mode) ?? JudgeTree(handle, path, realPath);

    private FileFault? JudgeKind(FileStatus status, string path) =>
        status.Kind is FileKind.Regular or FileKind.Directory || !defences.Kind ? null
            : status.Kind == FileKind.Link ? FileFaultMap.From(Errno.Loop, path)
            : FileFaultMap.Denied(path, "only regular files and directories are opened");
}
