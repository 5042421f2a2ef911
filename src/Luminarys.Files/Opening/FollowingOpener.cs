using Luminarys.Files.Native;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>Follows every link wherever it leads: what stands when the wall <see cref="FileDefences.Beneath"/> is down.</summary>
internal sealed class FollowingOpener : IPathOpener
{
    public Errno Open(SafeFileHandle directory, string relative, bool followLinks, out SafeFileHandle handle) =>
        Handles.OpenAt(directory, relative.Length == 0 ? NativePath.Self : NativePath.Encode(relative), OpenFlags.Path, out handle);
}
