using Luminarys.Files.Native;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>A file that is continued at its end. The system puts every write there, whatever else writes to the file.</summary>
internal sealed class AppendedFile : IStagedFile
{
    private readonly SafeFileHandle _handle;
    private readonly FileStream _content;
    private readonly bool _isDurable;
    private readonly string _path;

    public AppendedFile(SafeFileHandle handle, bool isDurable, string path)
    {
        (_handle, _isDurable, _path) = (handle, isDurable, path);
        _content = new(new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false), FileAccess.Write, bufferSize: 0);
    }

    public Stream Content => _content;

    public FileFault? Commit()
    {
        var errno = _isDurable ? Handles.Flush(_handle) : Errno.None;
        return errno == Errno.None ? null : FileFaultMap.From(errno, _path);
    }

    public void Dispose()
    {
        _content.Dispose();
        _handle.Dispose();
    }
}
