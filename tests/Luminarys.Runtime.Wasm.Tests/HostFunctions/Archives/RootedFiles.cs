using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>Files below a directory under the names that golden requests have for them.</summary>
internal sealed class RootedFiles(IGrantedFiles inner, string root) : IGrantedFiles
{
    public ImmutableArray<DirectoryGrant> Grants => inner.Grants;

    public string? DefaultDirectory => inner.DefaultDirectory;

    public FileResult<Stream> OpenRead(string path) => inner.OpenRead(root + path);

    public FileResult<IStagedFile> Create(string path, FileCreation creation, UnixFileMode? mode = null) => inner.Create(root + path, creation, mode);

    public ImmutableArray<string> FindRoots(CancellationToken cancellationToken) => inner.FindRoots(cancellationToken);

    public FileResult<IStagedTree> CreateTree(string path) => inner.CreateTree(root + path);

    public FileResult<SafeFileHandle> OpenDirectory(string path, AccessMode mode) => inner.OpenDirectory(root + path, mode);

    public FileResult<FileEntry> Stat(string path) => inner.Stat(root + path);

    public FileResult<ImmutableArray<FileEntry>> List(string path, CancellationToken cancellationToken) => inner.List(root + path, cancellationToken);

    public FileResult<IEnumerable<WalkedEntry>> Walk(string path, WalkOptions options, CancellationToken cancellationToken) =>
        inner.Walk(root + path, options, cancellationToken);

    public FileFault? CreateDirectory(string path) => inner.CreateDirectory(root + path);

    public FileFault? Delete(string path, CancellationToken cancellationToken) => inner.Delete(root + path, cancellationToken);

    public FileFault? SetMode(string path, UnixFileMode mode, bool recursive, CancellationToken cancellationToken) =>
        inner.SetMode(root + path, mode, recursive, cancellationToken);

    public FileResult<DiskSpace> GetDiskSpace(string path) => inner.GetDiskSpace(root + path);

    public void Dispose() => inner.Dispose();
}
