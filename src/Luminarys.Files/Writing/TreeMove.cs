using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>
/// Moves staged entries to their destination: judges all of them first, then moves one after the other. What was moved before a fault stays.
/// </summary>
internal sealed class TreeMove(Resolver resolver, WritePolicy policy)
{
    public FileFault? Run(StagingDirectory staging, OpenedFile destination, string path, CancellationToken cancellationToken)
    {
        var errno = Handles.RealPath(destination.Handle, out var realPath);
        if (errno != Errno.None)
        {
            return FileFaultMap.From(errno, path);
        }

        return resolver.Judge.JudgeRealPath(path, realPath, AccessMode.ReadWrite)
            ?? WithContent(staging.Handle, path, frame => Judge(frame, path, realPath, cancellationToken))
            ?? WithContent(staging.Handle, path, frame => Move(frame, destination.Handle, path, cancellationToken));
    }

    private FileFault? Judge(DirectoryFrame frame, string path, string realPath, CancellationToken cancellationToken)
    {
        while (frame.TryNext(out var entry))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return FileFaultMap.Cancelled(path);
            }

            var (entryPath, entryRealPath) = (DirectoryPath.Join(path, entry.Text), DirectoryPath.Join(realPath, entry.Text));
            var fault = resolver.Match(entryPath, AccessMode.ReadWrite).Fault
                ?? resolver.Judge.JudgeRealPath(entryPath, entryRealPath, AccessMode.ReadWrite)
                ?? (KindOf(frame, entry) == FileKind.Directory
                    ? WithContent(frame.Handle, entry, entryPath, child => Judge(child, entryPath, entryRealPath, cancellationToken))
                    : null);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private FileFault? Move(DirectoryFrame frame, SafeFileHandle destination, string path, CancellationToken cancellationToken)
    {
        while (frame.TryNext(out var entry))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return FileFaultMap.Cancelled(path);
            }

            if (MoveEntry(frame, entry, destination, DirectoryPath.Join(path, entry.Text), cancellationToken) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private FileFault? MoveEntry(
        DirectoryFrame frame, NamedEntry entry, SafeFileHandle destination, string path, CancellationToken cancellationToken)
    {
        var errno = Handles.StatAt(destination, entry.Name, out var there);
        if (errno is not (Errno.None or Errno.NoEntry))
        {
            return FileFaultMap.From(errno, path);
        }

        var isNew = errno == Errno.NoEntry;
        if (KindOf(frame, entry) == FileKind.Directory && !isNew)
        {
            return there.Kind == FileKind.Directory || (there.Kind == FileKind.Link && !resolver.Defences.NoFollow)
                ? Join(frame, entry, destination, path, cancellationToken)
                : FileFaultMap.From(there.Kind == FileKind.Link ? Errno.Loop : Errno.NotDirectory, path);
        }

        var fault = isNew ? null : there.Kind switch
        {
            FileKind.Directory => FileFaultMap.From(Errno.IsDirectory, path),
            FileKind.Other => FileFaultMap.Denied(path, "only regular files and directories are replaced"),
            _ => policy.CheckLinks(there, path),
        };
        return fault ?? Map(Handles.Rename(frame.Handle, entry.Name, destination, entry.Name), path);
    }

    private FileFault? Join(
        DirectoryFrame frame, NamedEntry entry, SafeFileHandle destination, string path, CancellationToken cancellationToken)
    {
        var flags = OpenFlags.Path | OpenFlags.Directory | (resolver.Defences.NoFollow ? OpenFlags.NoFollow : 0);
        var errno = Handles.OpenAt(destination, entry.Name, flags, out var handle);
        if (errno != Errno.None)
        {
            handle.Dispose();
            return FileFaultMap.From(errno, path);
        }

        var judged = resolver.Judge.Judge(handle, path, AccessMode.ReadWrite);
        if (!judged.IsSuccess)
        {
            return judged.Fault;
        }

        using var there = judged.Value;
        return WithContent(frame.Handle, entry, path, child => Move(child, there.Handle, path, cancellationToken));
    }

    private static FileKind KindOf(DirectoryFrame frame, NamedEntry entry) =>
        entry.Kind == FileKind.Other && Handles.StatAt(frame.Handle, entry.Name, out var status) == Errno.None ? status.Kind : entry.Kind;

    private static FileFault? WithContent(SafeFileHandle directory, string path, Func<DirectoryFrame, FileFault?> act) =>
        WithContent(directory, new(NativePath.Self.ToArray(), FileKind.Directory), path, act);

    private static FileFault? WithContent(SafeFileHandle directory, NamedEntry entry, string path, Func<DirectoryFrame, FileFault?> act)
    {
        var errno = DirectoryFrame.Open(directory, entry.Name, "", WalkLimits.None.Entries, out var frame);
        if (frame is null)
        {
            return FileFaultMap.From(errno, path);
        }

        using (frame)
        {
            return act(frame);
        }
    }

    private static FileFault? Map(Errno errno, string path) => errno switch
    {
        Errno.None => null,
        Errno.CrossDevice => new(FileError.Io, path, "another file system is mounted there"),
        _ => FileFaultMap.From(errno, path),
    };
}
