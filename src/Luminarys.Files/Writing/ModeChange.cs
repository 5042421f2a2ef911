using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Files.Walking;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>Sets permission bits by handle.</summary>
internal sealed class ModeChange(Resolver resolver, NestedGrants nested, WritePolicy policy, WalkLimits limits)
{
    public FileFault? SetMode(string path, UnixFileMode mode, bool recursive, CancellationToken cancellationToken)
    {
        var opened = resolver.Open(path, AccessMode.ReadWrite);
        if (!opened.IsSuccess)
        {
            return opened.Fault;
        }

        using var file = opened.Value;
        mode &= FileStatus.Permissions;
        if (!recursive || !file.IsDirectory)
        {
            return Set(file, mode, path);
        }

        return nested.Check(path, file.RealPath, cancellationToken) ?? SetTree(file, mode, path, cancellationToken);
    }

    // A mode that lets its owner in is set on the way down, one that does not on the way up: either way the host gets in.
    private FileFault? SetTree(OpenedFile start, UnixFileMode mode, string path, CancellationToken cancellationToken)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        var isFirst = (mode & Owner) == Owner;
        return (isFirst ? Set(start, mode, path) : null)
            ?? SetContent(start, mode, isFirst, path, cancellationToken)
            ?? (isFirst ? null : Set(start, mode, path));
    }

    private FileFault? SetContent(OpenedFile start, UnixFileMode mode, bool isFirst, string path, CancellationToken cancellationToken)
    {
        var errno = DirectoryFrame.Open(start.Handle, NativePath.Self.ToArray(), "", limits.Entries + 1, out var frame);
        if (frame is null)
        {
            return FileFaultMap.From(errno, path);
        }

        var frames = new Stack<DirectoryFrame>([frame]);
        var pending = new Stack<OpenedFile>();
        try
        {
            return Visit(frames, pending, mode, isFirst, path, cancellationToken);
        }
        finally
        {
            while (frames.TryPop(out var left))
            {
                left.Dispose();
            }

            while (pending.TryPop(out var left))
            {
                left.Dispose();
            }
        }
    }

    private FileFault? Visit(
        Stack<DirectoryFrame> frames, Stack<OpenedFile> pending, UnixFileMode mode, bool isFirst, string path, CancellationToken cancellationToken)
    {
        for (var seen = 0; frames.TryPeek(out var frame);)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return FileFaultMap.Cancelled(path);
            }

            if (!frame.TryNext(out var entry))
            {
                frames.Pop().Dispose();
                if (pending.TryPop(out var directory))
                {
                    using (directory)
                    {
                        if ((isFirst ? null : Set(directory, mode, path)) is { } late)
                        {
                            return late;
                        }
                    }
                }

                continue;
            }

            if (++seen > limits.Entries)
            {
                return new(FileError.Limit, path, $"more than {limits.Entries} names");
            }

            if (SetEntry(frames, pending, entry, mode, isFirst, path) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private FileFault? SetEntry(
        Stack<DirectoryFrame> frames, Stack<OpenedFile> pending, NamedEntry entry, UnixFileMode mode, bool isFirst, string path)
    {
        var frame = frames.Peek();
        var errno = Handles.OpenAt(frame.Handle, entry.Name, OpenFlags.Path | OpenFlags.NoFollow, out var handle);
        if (errno != Errno.None || Handles.Stat(handle, out var status) != Errno.None
            || status.Kind is not (FileKind.Regular or FileKind.Directory) || resolver.Hides(entry.Text))
        {
            handle.Dispose();
            return errno is Errno.None or Errno.NoEntry ? null : FileFaultMap.From(errno, path);
        }

        var relative = frame.PathOf(entry);
        var judged = resolver.Judge.Judge(handle, DirectoryPath.Join(path, relative), AccessMode.ReadWrite);
        if (!judged.IsSuccess)
        {
            return judged.Fault;
        }

        var file = judged.Value;
        if (!file.IsDirectory)
        {
            using (file)
            {
                return Set(file, mode, path);
            }
        }

        if (frames.Count >= limits.Depth)
        {
            file.Dispose();
            return new(FileError.Limit, path, $"directories deeper than {limits.Depth}");
        }

        pending.Push(file);
        if ((isFirst ? Set(file, mode, path) : null) is { } fault)
        {
            return fault;
        }

        errno = DirectoryFrame.Open(file.Handle, NativePath.Self.ToArray(), relative, limits.Entries + 1, out var child);
        if (child is null)
        {
            return FileFaultMap.From(errno, path);
        }

        frames.Push(child);
        return null;
    }

    private FileFault? Set(OpenedFile file, UnixFileMode mode, string path)
    {
        if (policy.CheckLinks(file.Status, path) is { } fault)
        {
            return fault;
        }

        var errno = Handles.SetMode(file.Handle, mode);
        return errno == Errno.None ? null : FileFaultMap.From(errno, path);
    }
}
