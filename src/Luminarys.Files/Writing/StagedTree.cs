using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>Files below one destination that stand in a directory of the host's own inside it until the commit moves them.</summary>
internal sealed class StagedTree(Resolver resolver, OpenedFile destination, StagingDirectory staging, TreeMove move, WritePolicy policy, string path)
    : IStagedTree
{
    private const int MaxDepth = 64;
    private const UnixFileMode NewDirectory = (UnixFileMode)0x1ED;
    private bool _isCommitted;

    public FileFault? CreateDirectory(string relativePath)
    {
        if (Check(relativePath, out var relative) is { } fault)
        {
            return fault;
        }

        var errno = Make(relative, out var handle);
        handle.Dispose();
        return errno == Errno.None ? null : FileFaultMap.From(errno, relativePath);
    }

    public FileResult<Stream> CreateFile(string relativePath, UnixFileMode mode)
    {
        var fault = Check(relativePath, out var relative) ?? policy.CheckSpace(staging.Handle, relativePath);
        if (fault is not null)
        {
            return fault;
        }

        if (relative.Length == 0)
        {
            return FileFaultMap.From(Errno.IsDirectory, relativePath);
        }

        var slash = relative.LastIndexOf('/');
        var errno = Make(slash < 0 ? "" : relative[..slash], out var parent);
        using (parent)
        {
            if (errno != Errno.None)
            {
                return FileFaultMap.From(errno, relativePath);
            }

            var flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
            errno = Handles.OpenAt(parent, NativePath.Encode(relative[(slash + 1)..]), flags, out var handle, mode & FileStatus.Permissions);
            if (errno == Errno.None)
            {
                return new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0);
            }

            handle.Dispose();
            return FileFaultMap.From(errno, relativePath);
        }
    }

    public FileFault? Commit(CancellationToken cancellationToken)
    {
        if (_isCommitted)
        {
            return null;
        }

        var fault = Flush() ?? move.Run(staging, destination, path, cancellationToken);
        _isCommitted = fault is null;
        return fault ?? Flush();
    }

    public void Dispose()
    {
        staging.Dispose();
        destination.Dispose();
    }

    private static FileFault? Check(string relativePath, out string relative)
    {
        if (!DirectoryPath.TryNormalizeRelative(relativePath, out var normalized, out var why))
        {
            relative = "";
            return FileFaultMap.Invalid(relativePath, why);
        }

        relative = normalized;
        return relative.AsSpan().Count('/') < MaxDepth ? null : new(FileError.Limit, relativePath, $"deeper than {MaxDepth} directories");
    }

    private Errno Make(string relative, out SafeFileHandle handle)
    {
        var errno = resolver.Opener.Open(staging.Handle, relative, followLinks: false, out handle);
        if (errno != Errno.NoEntry || relative.Length == 0)
        {
            return errno == Errno.None && Handles.Stat(handle, out var status) == Errno.None && status.Kind != FileKind.Directory
                ? Errno.NotDirectory
                : errno;
        }

        handle.Dispose();
        var slash = relative.LastIndexOf('/');
        errno = Make(slash < 0 ? "" : relative[..slash], out var parent);
        using (parent)
        {
            var name = NativePath.Encode(relative[(slash + 1)..]);
            if (errno == Errno.None)
            {
                errno = Handles.MakeDirectory(parent, name, NewDirectory);
            }

            if (errno is Errno.None or Errno.Exists)
            {
                return Handles.OpenAt(parent, name, OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow, out handle);
            }

            handle = new();
            return errno;
        }
    }

    // One flush for all: thousands of small ones would take minutes.
    private FileFault? Flush()
    {
        var errno = policy.IsDurable ? Handles.FlushFileSystem(staging.Handle) : Errno.None;
        return errno == Errno.None ? null : FileFaultMap.From(errno, path);
    }
}
