using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>A directory of the host's own inside a destination. Its lock tells the sweep that it is alive; disposing removes it.</summary>
internal sealed class StagingDirectory : IDisposable
{
    private const UnixFileMode OnlyHost = (UnixFileMode)0x1C0;
    private readonly SafeFileHandle _destination;
    private readonly byte[] _name;

    private StagingDirectory(SafeFileHandle destination, byte[] name, SafeFileHandle handle) => (_destination, _name, Handle) = (destination, name, handle);

    /// <summary>The directory, open for reading.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Makes one.</summary>
    /// <param name="destination">Where; stays open as long as this. Not owned.</param>
    /// <param name="path">For faults.</param>
    public static FileResult<StagingDirectory> Begin(SafeFileHandle destination, string path)
    {
        var name = StagedFile.NewName();
        var errno = Handles.MakeDirectory(destination, name, OnlyHost);
        if (errno != Errno.None)
        {
            return FileFaultMap.From(errno, path);
        }

        errno = Handles.OpenAt(destination, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, out var handle);
        if (errno == Errno.None)
        {
            _ = Handles.Lock(handle);
            return new StagingDirectory(destination, name, handle);
        }

        handle.Dispose();
        return FileFaultMap.From(errno, path);
    }

    public void Dispose()
    {
        if (!Handle.IsClosed)
        {
            _ = TreeRemoval.Remove(_destination, _name);
            Handle.Dispose();
        }
    }
}
