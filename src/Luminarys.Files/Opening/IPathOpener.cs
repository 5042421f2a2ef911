using Luminarys.Files.Native;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>Opens a path from a directory and stays below it.</summary>
internal interface IPathOpener
{
    /// <summary>Opens a relative path as a path handle, which the caller owns; an empty path is the directory itself.</summary>
    /// <param name="directory">Where the path begins. Not owned.</param>
    /// <param name="relative">Segments with <c>/</c>, without <c>..</c>.</param>
    /// <param name="followLinks">Whether links that stay below the directory are followed; a link is <see cref="Errno.Loop"/> otherwise.</param>
    /// <param name="handle">The handle; invalid after an error.</param>
    Errno Open(SafeFileHandle directory, string relative, bool followLinks, out SafeFileHandle handle);
}
