using System.Security.Cryptography;
using Luminarys.Files.Native;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>
/// A file that is written under a name of the host's own, in the directory where it is to be, and renamed when it is complete. Its lock tells
/// the sweep that it is alive.
/// </summary>
internal sealed class StagedFile : IStagedFile
{
    private readonly Place _place;
    private readonly byte[] _stagedName;
    private readonly SafeFileHandle _handle;
    private readonly FileStream _content;
    private readonly bool _isNew;
    private readonly UnixFileMode? _mode;
    private readonly WritePolicy _policy;
    private bool _isCommitted;

    private StagedFile(Place place, byte[] stagedName, SafeFileHandle handle, bool isNew, UnixFileMode? mode, WritePolicy policy)
    {
        (_place, _stagedName, _handle, _isNew, _mode, _policy) = (place, stagedName, handle, isNew, mode, policy);

        // The stream does not own the handle: a writer that closes it must not keep the file from being flushed and named.
        _content = new(new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false), FileAccess.ReadWrite, bufferSize: 0);
    }

    public Stream Content => _content;

    /// <summary>Mode of a new file, before the process takes its mask away.</summary>
    public static UnixFileMode NewFile => (UnixFileMode)0x1A4;

    /// <summary>A name that nothing has.</summary>
    public static byte[] NewName() => NativePath.Encode($"{DirectoryPath.ReservedPrefix}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");

    /// <summary>Begins a file; takes the place over, and closes it after a fault. With a mode, it is never more open than that.</summary>
    public static FileResult<IStagedFile> Begin(Place place, bool isNew, UnixFileMode? mode, WritePolicy policy)
    {
        var fault = policy.CheckSpace(place.Directory, place.Path);
        var name = NewName();
        if (fault is null)
        {
            var flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
            var errno = Handles.OpenAt(place.Directory, name, flags, out var handle, mode & FileStatus.Permissions ?? NewFile);
            if (errno == Errno.None)
            {
                // A file system without locks has no sweep either.
                _ = Handles.Lock(handle);
                return new(new StagedFile(place, name, handle, isNew, mode & FileStatus.Permissions, policy), null);
            }

            handle.Dispose();
            fault = FileFaultMap.From(errno, place.Path);
        }

        place.Dispose();
        return fault;
    }

    public FileFault? Commit()
    {
        if (_isCommitted)
        {
            return null;
        }

        var fault = CheckTarget(out var kept) ?? Finish(_mode ?? kept);
        if (fault is not null)
        {
            return fault;
        }

        // Whoever finds the file by its name must not find it locked; other .NET programs would not read it.
        _ = Handles.Unlock(_handle);
        var errno = _isNew
            ? Handles.RenameNew(_place.Directory, _stagedName, _place.Directory, _place.Name)
            : Handles.Rename(_place.Directory, _stagedName, _place.Directory, _place.Name);
        _isCommitted = errno == Errno.None;
        return _isCommitted && _policy.IsDurable ? Map(Handles.FlushDirectory(_place.Directory)) : Map(errno);
    }

    public void Dispose()
    {
        _content.Dispose();
        _handle.Dispose();
        if (!_isCommitted && !_place.Directory.IsClosed)
        {
            _ = Handles.Unlink(_place.Directory, _stagedName);
        }

        _place.Dispose();
    }

    private FileFault? CheckTarget(out UnixFileMode? mode)
    {
        mode = null;
        var errno = _place.Stat(out var status);
        if (errno == Errno.NoEntry)
        {
            return null;
        }

        if (errno != Errno.None || _isNew)
        {
            return Map(errno == Errno.None ? Errno.Exists : errno);
        }

        mode = status.Kind == FileKind.Regular ? status.Mode : null;
        return status.Kind == FileKind.Directory ? Map(Errno.IsDirectory) : _policy.CheckLinks(status, _place.Path);
    }

    private FileFault? Finish(UnixFileMode? mode)
    {
        var errno = mode is { } bits ? Handles.SetMode(_handle, bits) : Errno.None;
        return Map(errno == Errno.None && _policy.IsDurable ? Handles.Flush(_handle) : errno);
    }

    private FileFault? Map(Errno errno) => errno == Errno.None ? null : FileFaultMap.From(errno, _place.Path);
}
