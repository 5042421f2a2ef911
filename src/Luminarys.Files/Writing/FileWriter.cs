using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>Begins files.</summary>
internal sealed class FileWriter(Resolver resolver, PlaceFinder places, WritePolicy policy)
{
    /// <summary>Somebody may make and remove the file while it is opened; after so many times that is no accident.</summary>
    private const int MaxTries = 32;

    public FileResult<IStagedFile> Create(string path, FileCreation creation, UnixFileMode? mode) => creation switch
    {
        FileCreation.CreateNew => CreateNew(path, mode),
        FileCreation.Append => Append(path),
        _ => Replace(path, mode),
    };

    private FileResult<IStagedFile> CreateNew(string path, UnixFileMode? mode)
    {
        var found = places.Find(path, makesParents: true);
        if (!found.IsSuccess)
        {
            return found.Fault;
        }

        var errno = found.Value.Stat(out _);
        return errno == Errno.NoEntry ? StagedFile.Begin(found.Value, isNew: true, mode, policy) : Close(found.Value, errno == Errno.None ? Errno.Exists : errno);
    }

    private FileResult<IStagedFile> Replace(string path, UnixFileMode? mode)
    {
        var found = places.Find(path, makesParents: true);
        if (!found.IsSuccess)
        {
            return found.Fault;
        }

        var place = found.Value;
        var errno = place.Stat(out var status);
        if (errno == Errno.NoEntry)
        {
            return StagedFile.Begin(place, isNew: false, mode, policy);
        }

        if (errno != Errno.None || status.Kind == FileKind.Directory)
        {
            return Close(place, errno == Errno.None ? Errno.IsDirectory : errno);
        }

        return status.Kind == FileKind.Link ? ReplaceTarget(place, mode) : ReplaceFile(place, status, mode);
    }

    private FileResult<IStagedFile> ReplaceFile(Place place, in FileStatus status, UnixFileMode? mode)
    {
        var fault = status.Kind == FileKind.Regular
            ? policy.CheckLinks(status, place.Path)
            : FileFaultMap.Denied(place.Path, "only regular files and directories are opened");
        if (fault is null)
        {
            return StagedFile.Begin(place, isNew: false, mode, policy);
        }

        place.Dispose();
        return fault;
    }

    // Writing through a link writes its target, found by its real path and without links. A link to nothing is replaced itself.
    private FileResult<IStagedFile> ReplaceTarget(Place place, UnixFileMode? mode)
    {
        var opened = resolver.Open(place.Path, AccessMode.ReadWrite);
        if (opened.Fault?.Error == FileError.NotFound)
        {
            return StagedFile.Begin(place, isNew: false, mode, policy);
        }

        place.Dispose();
        if (!opened.IsSuccess)
        {
            return opened.Fault;
        }

        using var target = opened.Value;
        if (target.IsDirectory)
        {
            return FileFaultMap.From(Errno.IsDirectory, place.Path);
        }

        var found = places.Find(target.RealPath, makesParents: false, followLinks: false);
        return found.IsSuccess ? ReplaceFile(found.Value, target.Status, mode) : found.Fault;
    }

    private FileResult<IStagedFile> Append(string path)
    {
        for (var tries = 1; ; tries++)
        {
            var opened = resolver.Open(path, AccessMode.ReadWrite);
            if (opened.IsSuccess)
            {
                return AppendTo(opened.Value, path);
            }

            if (opened.Fault.Error != FileError.NotFound || tries == MaxTries)
            {
                return opened.Fault;
            }

            var begun = AppendNew(path);
            if (begun.Fault?.Error != FileError.AlreadyExists)
            {
                return begun;
            }
        }
    }

    private FileResult<IStagedFile> AppendTo(OpenedFile file, string path)
    {
        using (file)
        {
            var fault = file.IsDirectory
                ? FileFaultMap.From(Errno.IsDirectory, path)
                : policy.CheckLinks(file.Status, path) ?? policy.CheckSpace(file.Handle, path);
            if (fault is not null)
            {
                return fault;
            }

            var reopened = file.Reopen(OpenFlags.WriteOnly | OpenFlags.Append, path);
            return reopened.IsSuccess ? Opened(reopened.Value, path) : reopened.Fault;
        }
    }

    private FileResult<IStagedFile> AppendNew(string path)
    {
        var found = places.Find(path, makesParents: true);
        if (!found.IsSuccess)
        {
            return found.Fault;
        }

        using var place = found.Value;
        if (policy.CheckSpace(place.Directory, path) is { } fault)
        {
            return fault;
        }

        var flags = OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        var errno = Handles.OpenAt(place.Directory, place.Name, flags, out var handle, StagedFile.NewFile);
        if (errno == Errno.None)
        {
            return Opened(handle, path);
        }

        handle.Dispose();
        return FileFaultMap.From(errno, path);
    }

    private FileResult<IStagedFile> Opened(SafeFileHandle handle, string path) => new(new AppendedFile(handle, policy.IsDurable, path), null);

    private static FileFault Close(Place place, Errno errno)
    {
        place.Dispose();
        return FileFaultMap.From(errno, place.Path);
    }
}
