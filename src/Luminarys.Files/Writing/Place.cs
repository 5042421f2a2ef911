using Luminarys.Files.Native;
using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Writing;

/// <summary>A name in an opened directory that may be changed. Owns the directory's handle.</summary>
/// <param name="Directory">The directory, as a path handle.</param>
/// <param name="RealDirectory">Where it is.</param>
/// <param name="Path">What was asked for.</param>
/// <param name="Name">The last segment, for the system.</param>
internal sealed record Place(SafeFileHandle Directory, string RealDirectory, string Path, byte[] Name) : IDisposable
{
    /// <summary>Where the name is.</summary>
    public string RealPath => DirectoryPath.Join(RealDirectory, NativePath.Decode(Name));

    /// <summary>What has the name now; a link is told itself.</summary>
    public Errno Stat(out FileStatus status) => Handles.StatAt(Directory, Name, out status);

    public void Dispose() => Directory.Dispose();
}
