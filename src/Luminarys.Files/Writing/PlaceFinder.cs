using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.Writing;

/// <summary>Finds the directory in which a name is made, changed or removed, and makes directories that are missing.</summary>
internal sealed class PlaceFinder(Resolver resolver)
{
    /// <summary>Most directories that one act makes on the way to its own.</summary>
    private const int MaxMissing = 64;

    private const UnixFileMode NewDirectory = (UnixFileMode)0x1ED;

    /// <summary>Opens the directory of a normalized path. A directory that a grant names literally has no place: it stays as it is.</summary>
    public FileResult<Place> Find(string path, bool makesParents, bool followLinks = true) => Find(path, makesParents ? MaxMissing : 0, followLinks);

    /// <summary>Opens a directory, and makes it and those above it when they are missing.</summary>
    public FileResult<OpenedFile> Make(string path) => Make(path, MaxMissing);

    private FileResult<OpenedFile> Make(string path, int missing)
    {
        var opened = resolver.OpenDirectory(path, AccessMode.ReadWrite);
        if (opened.IsSuccess || opened.Fault.Error != FileError.NotFound)
        {
            return opened;
        }

        if (missing == 0)
        {
            return new FileFault(FileError.Limit, path, $"more than {MaxMissing} directories are missing");
        }

        var found = Find(path, missing - 1, followLinks: true);
        if (!found.IsSuccess)
        {
            return found.Fault;
        }

        using var place = found.Value;
        var errno = Handles.MakeDirectory(place.Directory, place.Name, NewDirectory);
        return errno is Errno.None or Errno.Exists ? Enter(place) : FileFaultMap.From(errno, path);
    }

    private FileResult<OpenedFile> Enter(Place place)
    {
        var errno = Handles.OpenAt(place.Directory, place.Name, OpenFlags.Path | NoFollow, out var handle);
        if (errno != Errno.None)
        {
            handle.Dispose();
            return FileFaultMap.From(errno, place.Path);
        }

        var judged = resolver.Judge.Judge(handle, place.Path, AccessMode.ReadWrite);
        if (judged.IsSuccess && !judged.Value.IsDirectory)
        {
            judged.Value.Dispose();
            return FileFaultMap.From(Errno.NotDirectory, place.Path);
        }

        return judged;
    }

    private FileResult<Place> Find(string path, int missing, bool followLinks)
    {
        var matched = resolver.Match(path, AccessMode.ReadWrite);
        if (!matched.IsSuccess)
        {
            return matched.Fault;
        }

        var opened = matched.Value.Root == path ? OpenAboveRoot(matched.Value, path) : OpenParent(path, missing, followLinks);
        if (!opened.IsSuccess)
        {
            return opened.Fault;
        }

        var parent = opened.Value;
        var place = new Place(parent.Handle, parent.RealPath, path, NativePath.Encode(DirectoryPath.NameOf(path)));
        if (resolver.Judge.JudgeRealPath(path, place.RealPath, AccessMode.ReadWrite) is { } fault)
        {
            place.Dispose();
            return fault;
        }

        return place;
    }

    private FileResult<OpenedFile> OpenParent(string path, int missing, bool followLinks)
    {
        var parent = DirectoryPath.ParentOf(path);
        var opened = resolver.OpenDirectory(parent, AccessMode.ReadWrite, followLinks);
        return opened.Fault?.Error == FileError.NotFound && missing > 0 ? Make(parent, missing) : opened;
    }

    // The directory above one that a pattern names is not granted itself. It is reached without links, and only the granted name in it changes.
    private FileResult<OpenedFile> OpenAboveRoot(DirectoryMatch match, string path)
    {
        var (anchor, tail) = resolver.Anchors.PlaceOf(match);
        if (tail.Length == 0)
        {
            return FileFaultMap.From(Errno.IsDirectory, path);
        }

        var slash = tail.LastIndexOf('/');
        var errno = resolver.Opener.Open(anchor.Handle, slash < 0 ? "" : tail[..slash], followLinks: false, out var handle);
        var status = default(FileStatus);
        var realPath = "";
        if (errno == Errno.None && (errno = Handles.Stat(handle, out status)) == Errno.None)
        {
            errno = status.Kind == FileKind.Directory ? Handles.RealPath(handle, out realPath) : Errno.NoEntry;
        }

        var fault = errno == Errno.None
            ? resolver.Judge.JudgeTree(handle, path, realPath)
            : FileFaultMap.From(errno == Errno.NotDirectory ? Errno.NoEntry : errno, path);
        if (fault is null)
        {
            return new OpenedFile(handle, status, realPath);
        }

        handle.Dispose();
        return fault;
    }

    private int NoFollow => resolver.Defences.NoFollow ? OpenFlags.NoFollow : 0;
}
