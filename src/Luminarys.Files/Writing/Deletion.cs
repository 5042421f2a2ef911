using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>
/// Removes by handles: a name in an opened directory, never a path. What was removed before a limit, a mount border or a cancellation ended it
/// stays removed.
/// </summary>
internal sealed class Deletion(Resolver resolver, PlaceFinder places, NestedGrants nested, WalkLimits limits)
{
    public FileFault? Delete(string path, CancellationToken cancellationToken)
    {
        var found = places.Find(path, makesParents: false);
        if (!found.IsSuccess)
        {
            return found.Fault.Error == FileError.IsDirectory ? Stays(path) : found.Fault;
        }

        using var place = found.Value;
        var errno = place.Stat(out var status);
        if (errno != Errno.None)
        {
            return FileFaultMap.From(errno, path);
        }

        if (status.Kind != FileKind.Directory)
        {
            return Map(Handles.Unlink(place.Directory, place.Name), path);
        }

        return CheckGranted(path, place.RealPath)
            ?? nested.Check(path, place.RealPath, cancellationToken)
            ?? DeleteTree(place.Directory, place.Name, path, cancellationToken);
    }

    /// <summary>Removes a directory and everything in it.</summary>
    public FileFault? DeleteTree(SafeFileHandle directory, byte[] name, string path, CancellationToken cancellationToken)
    {
        var errno = DirectoryFrame.Open(directory, name, "", limits.Entries + 1, out var start);
        if (start is null)
        {
            return FileFaultMap.From(errno == Errno.Loop ? Errno.NotDirectory : errno, path);
        }

        var frames = new Stack<DirectoryFrame>([start]);
        try
        {
            var fault = resolver.Judge.JudgeRealPath(path, start.RealPath, AccessMode.ReadWrite) ?? Empty(frames, start, path, cancellationToken);
            return fault ?? Map(Handles.RemoveDirectory(directory, name), path);
        }
        finally
        {
            while (frames.TryPop(out var frame))
            {
                frame.Dispose();
            }
        }
    }

    private FileFault? Empty(Stack<DirectoryFrame> frames, DirectoryFrame start, string path, CancellationToken cancellationToken)
    {
        for (var seen = 0; frames.TryPeek(out var frame);)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return FileFaultMap.Cancelled(path);
            }

            var fault = frame.TryNext(out var entry)
                ? ++seen > limits.Entries ? Limit(path, $"more than {limits.Entries} names") : Remove(frames, frame, start, entry, path)
                : Leave(frames, path);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static FileFault? Leave(Stack<DirectoryFrame> frames, string path)
    {
        using var frame = frames.Pop();
        return frames.TryPeek(out var above) ? Map(Handles.RemoveDirectory(above.Handle, frame.Name), path) : null;
    }

    private FileFault? Remove(Stack<DirectoryFrame> frames, DirectoryFrame frame, DirectoryFrame start, NamedEntry entry, string path)
    {
        var errno = entry.Kind == FileKind.Directory ? Errno.IsDirectory : Handles.Unlink(frame.Handle, entry.Name);
        if (errno is not Errno.IsDirectory)
        {
            return errno == Errno.NoEntry ? null : Map(errno, path);
        }

        if (frames.Count >= limits.Depth)
        {
            return Limit(path, $"directories deeper than {limits.Depth}");
        }

        var relative = frame.PathOf(entry);
        errno = DirectoryFrame.Open(frame.Handle, entry.Name, relative, limits.Entries + 1, out var child);
        if (child is null)
        {
            // What is no directory any more was put there meanwhile: it goes as itself.
            return Map(errno is Errno.NotDirectory or Errno.Loop ? Handles.Unlink(frame.Handle, entry.Name) : errno, path);
        }

        frames.Push(child);
        return CheckBorder(start, child, path)
            ?? resolver.Judge.JudgeRealPath(DirectoryPath.Join(path, relative), child.RealPath, AccessMode.ReadWrite);
    }

    private FileFault? CheckBorder(DirectoryFrame start, DirectoryFrame child, string path) =>
        !resolver.Defences.MountBorders || (child.Status.Device == start.Status.Device && child.Status.Mount == start.Status.Mount)
            ? null
            : FileFaultMap.Denied(path, "a directory that holds another file system stays");

    private FileFault? CheckGranted(string path, string realPath) =>
        resolver.Defences.KeepsGrants
            && (resolver.Anchors.Requested.IsGrantedDirectory(path) || resolver.Anchors.Real.IsGrantedDirectory(realPath))
            ? Stays(path)
            : null;

    private static FileFault Stays(string path) => FileFaultMap.Denied(path, "a granted directory itself stays");

    private static FileFault Limit(string path, string detail) => new(FileError.Limit, path, detail);

    private static FileFault? Map(Errno errno, string path) => errno == Errno.None ? null : FileFaultMap.From(errno, path);
}
