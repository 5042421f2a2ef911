using System.Collections.Immutable;
using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.Walking;

/// <summary>Reads: one file, what is known of a name, the names of a directory.</summary>
internal sealed class FileReader(Resolver resolver, WalkLimits limits)
{
    private const int EntriesPerCheck = 256;

    public FileResult<Stream> OpenRead(string path)
    {
        var opened = resolver.Open(path, AccessMode.ReadOnly);
        return opened.IsSuccess ? ToStream(opened.Value, path) : opened.Fault;
    }

    /// <summary>Takes a judged file over and opens it for reading.</summary>
    public static FileResult<Stream> ToStream(OpenedFile file, string path)
    {
        using (file)
        {
            if (file.IsDirectory)
            {
                return FileFaultMap.From(Errno.IsDirectory, path);
            }

            var reopened = file.Reopen(OpenFlags.ReadOnly, path);
            return reopened.IsSuccess ? new FileStream(reopened.Value, FileAccess.Read, bufferSize: 0) : reopened.Fault;
        }
    }

    public FileResult<FileEntry> Stat(string path)
    {
        var opened = resolver.Open(path, AccessMode.ReadOnly);
        if (!opened.IsSuccess)
        {
            return opened.Fault;
        }

        using var file = opened.Value;
        return Entries.Of(DirectoryPath.NameOf(path), file.Status, IsLink(path, file));
    }

    // Only a path that some link is part of is looked at twice.
    private bool IsLink(string path, OpenedFile file)
    {
        var match = resolver.Anchors.Requested.Find(path)!.Value;
        if (match.Root == path || file.RealPath == resolver.Anchors.CanonicalOf(match, path))
        {
            return false;
        }

        var opened = resolver.OpenDirectory(DirectoryPath.ParentOf(path), AccessMode.ReadOnly);
        using var parent = opened.Value;
        return parent is not null
            && Handles.StatAt(parent.Handle, NativePath.Encode(DirectoryPath.NameOf(path)), out var status) == Errno.None
            && status.Kind == FileKind.Link;
    }

    public FileResult<DiskSpace> GetDiskSpace(string path)
    {
        var opened = resolver.Open(path, AccessMode.ReadOnly);
        if (!opened.IsSuccess)
        {
            return opened.Fault;
        }

        using var file = opened.Value;
        var errno = Handles.StatFileSystem(file.Handle, out var status);
        return errno == Errno.None ? status.ToDiskSpace() : FileFaultMap.From(errno, path);
    }

    public FileResult<ImmutableArray<FileEntry>> List(string path, CancellationToken cancellationToken)
    {
        var opened = resolver.OpenDirectory(path, AccessMode.ReadOnly);
        if (!opened.IsSuccess)
        {
            return opened.Fault;
        }

        using var directory = opened.Value;
        var errno = DirectoryFrame.Open(directory.Handle, NativePath.Self.ToArray(), "", limits.Entries + 1, out var frame);
        if (frame is null)
        {
            return FileFaultMap.From(errno, path);
        }

        using (frame)
        {
            return List(frame, path, cancellationToken);
        }
    }

    private FileResult<ImmutableArray<FileEntry>> List(DirectoryFrame frame, string path, CancellationToken cancellationToken)
    {
        var entries = ImmutableArray.CreateBuilder<FileEntry>();
        for (var seen = 0; frame.TryNext(out var entry); seen++)
        {
            if (seen % EntriesPerCheck == 0 && cancellationToken.IsCancellationRequested)
            {
                return FileFaultMap.Cancelled(path);
            }

            if (seen == limits.Entries)
            {
                return new FileFault(FileError.Limit, path, $"the directory holds more than {limits.Entries} names");
            }

            if (Tell(frame, entry, path) is { } told)
            {
                entries.Add(told);
            }
        }

        return entries.DrainToImmutable();
    }

    // A link shows its target when that is granted, and itself otherwise; a name that vanished meanwhile is left out.
    private FileEntry? Tell(DirectoryFrame frame, NamedEntry entry, string path)
    {
        var name = entry.Text;
        if (resolver.Hides(name) || Handles.StatAt(frame.Handle, entry.Name, out var status) != Errno.None)
        {
            return null;
        }

        if (status.Kind != FileKind.Link)
        {
            return Entries.Of(name, status, isLink: false);
        }

        var opened = resolver.Open(DirectoryPath.Join(path, name), AccessMode.ReadOnly);
        if (!opened.IsSuccess)
        {
            return Entries.Of(name, status, isLink: true);
        }

        using var target = opened.Value;
        return Entries.Of(name, target.Status, isLink: true);
    }
}
