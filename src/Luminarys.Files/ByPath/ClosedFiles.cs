using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.ByPath;

/// <summary>Grants on a system that cannot keep them: everything is denied.</summary>
internal sealed class ClosedFiles(ImmutableArray<DirectoryGrant> grants) : IGrantedFiles
{
    /// <summary>Told to the operator with each denial.</summary>
    public const string Rule = "files are closed on this system unless fs.unsafe_paths is on";

    public ImmutableArray<DirectoryGrant> Grants => grants;

    public string? DefaultDirectory => null;

    public FileResult<Stream> OpenRead(string path) => Deny(path);

    public ImmutableArray<string> FindRoots(CancellationToken cancellationToken) => [];

    public FileResult<IStagedFile> Create(string path, FileCreation creation, UnixFileMode? mode = null) => Deny(path);

    public FileResult<IStagedTree> CreateTree(string path) => Deny(path);

    public FileResult<SafeFileHandle> OpenDirectory(string path, AccessMode mode) => Deny(path);

    public FileResult<FileEntry> Stat(string path) => Deny(path);

    public FileResult<ImmutableArray<FileEntry>> List(string path, CancellationToken cancellationToken) => Deny(path);

    public FileResult<IEnumerable<WalkedEntry>> Walk(string path, WalkOptions options, CancellationToken cancellationToken) => Deny(path);

    public FileFault? CreateDirectory(string path) => Deny(path);

    public FileFault? Delete(string path, CancellationToken cancellationToken) => Deny(path);

    public FileFault? SetMode(string path, UnixFileMode mode, bool recursive, CancellationToken cancellationToken) => Deny(path);

    public FileResult<DiskSpace> GetDiskSpace(string path) => Deny(path);

    public void Dispose()
    {
    }

    private static FileFault Deny(string path) => FileFaultMap.Denied(path, Rule);
}
