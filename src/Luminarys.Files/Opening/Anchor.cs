using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>Where the paths of one grant begin: a directory that was opened when the grants were loaded.</summary>
/// <param name="Handle">The directory; <c>/</c> when what is granted did not exist.</param>
/// <param name="Written">The literal part of the grant as the manifest has it.</param>
/// <param name="Canonical">The same without links.</param>
/// <param name="Tail">From the handle to <paramref name="Canonical"/>; no link is followed there.</param>
/// <param name="KernelTree">Type of the file system, when it is one of the kernel's; 0 otherwise.</param>
internal sealed record Anchor(SafeFileHandle Handle, string Written, string Canonical, string Tail, long KernelTree) : IDisposable
{
    /// <summary>The way from the handle to a directory that the grant names, by either form of its path.</summary>
    public string TailTo(string root, bool isCanonical) => DirectoryPath.Join(Tail, DirectoryPath.RelativeTo(root, isCanonical ? Canonical : Written));

    public void Dispose() => Handle.Dispose();
}
