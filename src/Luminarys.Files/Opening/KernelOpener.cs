using Luminarys.Files.Native;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>Lets the kernel follow the path (<c>openat2</c>): it refuses every step that leaves the directory, also while others rename.</summary>
internal sealed class KernelOpener : IPathOpener
{
    /// <summary>The kernel gives up with <see cref="Errno.TryAgain"/> when it sees renaming; after so many times somebody does it on purpose.</summary>
    private const int MaxTries = 32;

    /// <summary>Whether this kernel, and what filters its calls, offers it.</summary>
    public static bool IsAvailable()
    {
        if (Handles.Open("/", OpenFlags.Path, out var root) != Errno.None)
        {
            root.Dispose();
            return false;
        }

        using (root)
        {
            var errno = Handles.OpenBeneath(root, NativePath.Self, OpenHow.Beneath, out var handle);
            handle.Dispose();
            return errno == Errno.None;
        }
    }

    public Errno Open(SafeFileHandle directory, string relative, bool followLinks, out SafeFileHandle handle)
    {
        var path = relative.Length == 0 ? NativePath.Self : NativePath.Encode(relative);
        var resolve = OpenHow.Beneath | OpenHow.NoMagicLinks | (followLinks ? 0 : OpenHow.NoLinks);
        for (var tries = 1; ; tries++)
        {
            var errno = Handles.OpenBeneath(directory, path, resolve, out handle);
            if (errno != Errno.Interrupted && (errno != Errno.TryAgain || tries >= MaxTries))
            {
                return errno;
            }

            handle.Dispose();
        }
    }
}
