using Luminarys.Files.Native;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>
/// Goes segment by segment, each from the handle of the one before, for kernels without <c>openat2</c>. No link is followed, not even one that
/// stays inside.
/// </summary>
internal sealed class SegmentOpener : IPathOpener
{
    private static readonly int s_flags = OpenFlags.Path | OpenFlags.NoFollow;

    public Errno Open(SafeFileHandle directory, string relative, bool followLinks, out SafeFileHandle handle)
    {
        var errno = Handles.OpenAt(directory, NativePath.Self, s_flags, out handle);
        foreach (var range in relative.AsSpan().Split('/'))
        {
            if (errno != Errno.None)
            {
                break;
            }

            if (range.Start.Value != range.End.Value)
            {
                var above = handle;
                using (above)
                {
                    errno = OpenSegment(above, relative[range], out handle);
                }
            }
        }

        return errno;
    }

    private static Errno OpenSegment(SafeFileHandle directory, string name, out SafeFileHandle handle)
    {
        var errno = Handles.OpenAt(directory, NativePath.Encode(name), s_flags, out handle);
        if (errno == Errno.None)
        {
            errno = Handles.Stat(handle, out var status);
            return errno == Errno.None && status.Kind == FileKind.Link ? Errno.Loop : errno;
        }

        return errno;
    }
}
