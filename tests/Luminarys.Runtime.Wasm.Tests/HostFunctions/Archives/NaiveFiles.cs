using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>
/// Files as one writes them without a thought of attacks: by path, at once, over what is there. Controls use it to show that an attack succeeds
/// once a defence of the archive code is off and nothing behind it helps.
/// </summary>
internal sealed class NaiveFiles : IGrantedFiles
{
    public ImmutableArray<DirectoryGrant> Grants => [];

    public string? DefaultDirectory => null;

    public FileResult<Stream> OpenRead(string path) =>
        File.Exists(path) ? File.OpenRead(path) : new FileFault(FileError.NotFound, path);

    public FileResult<IStagedTree> CreateTree(string path) => new NaiveTree(path);

    public FileResult<IStagedFile> Create(string path, FileCreation creation, UnixFileMode? mode = null) => throw new NotSupportedException();

    public ImmutableArray<string> FindRoots(CancellationToken cancellationToken) => throw new NotSupportedException();

    public FileResult<SafeFileHandle> OpenDirectory(string path, AccessMode mode) => throw new NotSupportedException();

    public FileResult<FileEntry> Stat(string path) => throw new NotSupportedException();

    public FileResult<ImmutableArray<FileEntry>> List(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public FileResult<IEnumerable<WalkedEntry>> Walk(string path, WalkOptions options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public FileFault? CreateDirectory(string path) => throw new NotSupportedException();

    public FileFault? Delete(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public FileFault? SetMode(string path, UnixFileMode mode, bool recursive, CancellationToken cancellationToken) => throw new NotSupportedException();

    public FileResult<DiskSpace> GetDiskSpace(string path) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class NaiveTree(string root) : IStagedTree
    {
        public FileFault? CreateDirectory(string relativePath)
        {
            Directory.CreateDirectory(Path.Combine(root, relativePath));
            return null;
        }

        public FileResult<Stream> CreateFile(string relativePath, UnixFileMode mode)
        {
            var path = Path.Combine(root, relativePath);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var file = File.Create(path);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file.SafeFileHandle, mode);
            }

            return file;
        }

        public FileFault? Commit(CancellationToken cancellationToken) => null;

        public void Dispose()
        {
        }
    }
}
