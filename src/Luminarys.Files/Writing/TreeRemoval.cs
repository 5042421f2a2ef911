using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>Removes what the host made itself: everything under one of its own names, through no link.</summary>
internal static class TreeRemoval
{
    public static Errno Remove(SafeFileHandle directory, byte[] name)
    {
        var errno = Handles.Unlink(directory, name);
        if (errno is not (Errno.IsDirectory or Errno.NotPermitted))
        {
            return errno;
        }

        errno = DirectoryFrame.Open(directory, name, "", WalkLimits.None.Entries, out var frame);
        if (frame is null)
        {
            return errno;
        }

        using (frame)
        {
            while (frame.TryNext(out var entry))
            {
                errno = Remove(frame.Handle, entry.Name);
                if (errno is not (Errno.None or Errno.NoEntry))
                {
                    return errno;
                }
            }
        }

        return Handles.RemoveDirectory(directory, name);
    }
}
