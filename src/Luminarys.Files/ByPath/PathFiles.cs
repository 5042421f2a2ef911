using System.Collections.Immutable;
using Luminarys.Files.Walking;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.ByPath;

/// <summary>
/// Files by path, for systems without the calls that the rest of this project stands on. Judges the real path and uses it afterwards, so a
/// program that renames directories in between leads it out: an operator has to ask for it. No trees, no directory handles.
/// </summary>
internal sealed class PathFiles(ImmutableArray<DirectoryGrant> grants, ICollection<string> warnings, WalkLimits limits) : IGrantedFiles
{
    private readonly PathJudge _judge = new(grants, warnings);

    public ImmutableArray<DirectoryGrant> Grants => grants;

    public string? DefaultDirectory =>
        Enumerable.Range(0, grants.Length).Where(IsWritten).Select(_judge.Requested.PatternOf).FirstOrDefault(pattern => pattern?.IsLiteral == true)?.LiteralPrefix;

    public FileResult<Stream> OpenRead(string path) => With<Stream>(path, AccessMode.ReadOnly, real => RequireFile(real, path) is { } fault
        ? fault
        : new FileStream(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    // Without handles nothing is looked for on a way that is not granted.
    public ImmutableArray<string> FindRoots(CancellationToken cancellationToken) =>
        GrantSearch.Reduce(Enumerable.Range(0, grants.Length).Where(IsWritten).Select(_judge.Requested.PatternOf).OfType<DirectoryPattern>()
            .Where(pattern => pattern.IsLiteral).Select(pattern => pattern.LiteralPrefix));

    public FileResult<IStagedFile> Create(string path, FileCreation creation, UnixFileMode? mode = null) => With<IStagedFile>(path, AccessMode.ReadWrite, real =>
    {
        if (Directory.Exists(real))
        {
            return new FileFault(FileError.IsDirectory, path);
        }

        Directory.CreateDirectory(DirectoryPath.ParentOf(real));
        return creation == FileCreation.CreateNew && File.Exists(real)
            ? new FileFault(FileError.AlreadyExists, path)
            : new FileResult<IStagedFile>(new PathStagedFile(real, path, creation, mode), null);
    });

    public FileResult<IStagedTree> CreateTree(string path) => Unavailable(path);

    public FileResult<SafeFileHandle> OpenDirectory(string path, AccessMode mode) => Unavailable(path);

    public FileResult<FileEntry> Stat(string path) => With<FileEntry>(path, AccessMode.ReadOnly, real =>
        Path.Exists(real) ? EntryOf(InfoOf(real), DirectoryPath.NameOf(path)) : new FileFault(FileError.NotFound, path));

    public FileResult<ImmutableArray<FileEntry>> List(string path, CancellationToken cancellationToken) =>
        With<ImmutableArray<FileEntry>>(path, AccessMode.ReadOnly, real => RequireDirectory(real, path) is { } fault
            ? fault
            : Children(real).Select(info => EntryOf(info, info.Name)).ToImmutableArray());

    public FileResult<IEnumerable<WalkedEntry>> Walk(string path, WalkOptions options, CancellationToken cancellationToken) =>
        With<IEnumerable<WalkedEntry>>(path, AccessMode.ReadOnly, real => RequireDirectory(real, path) is { } fault
            ? fault
            : new FileResult<IEnumerable<WalkedEntry>>(Walk(real, path, "", 1, options, cancellationToken).Take(limits.Entries), null));

    public FileFault? CreateDirectory(string path) => With<string>(path, AccessMode.ReadWrite, real =>
    {
        if (File.Exists(real))
        {
            return new FileFault(FileError.NotDirectory, path);
        }

        Directory.CreateDirectory(real);
        return real;
    }).Fault;

    public FileFault? Delete(string path, CancellationToken cancellationToken) => With<string>(path, AccessMode.ReadWrite, real =>
    {
        var info = InfoOf(real);
        if (!info.Exists && info.LinkTarget is null)
        {
            return new FileFault(FileError.NotFound, path);
        }

        if (info is not DirectoryInfo directory || info.LinkTarget is not null)
        {
            info.Delete();
            return real;
        }

        if (_judge.Keeps(real))
        {
            return FileFaultMap.Denied(path, "a directory that is granted, or holds a read-only grant, stays");
        }

        directory.Delete(recursive: true);
        return real;
    }, isLastFollowed: false).Fault;

    public FileFault? SetMode(string path, UnixFileMode mode, bool recursive, CancellationToken cancellationToken) =>
        With<string>(path, AccessMode.ReadWrite, real =>
        {
            if (OperatingSystem.IsWindows() || (recursive && Directory.Exists(real)))
            {
                return Unavailable(path);
            }

            File.SetUnixFileMode(real, mode & Native.FileStatus.Permissions);
            return real;
        }).Fault;

    public FileResult<DiskSpace> GetDiskSpace(string path) => With<DiskSpace>(path, AccessMode.ReadOnly, real =>
    {
        var drive = new DriveInfo(real);
        return new DiskSpace(drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
    });

    public void Dispose()
    {
    }

    private bool IsWritten(int index) => !grants[index].IsImplied;

    private FileResult<T> With<T>(string path, AccessMode mode, Func<string, FileResult<T>> act, bool isLastFollowed = true)
    {
        var judged = _judge.Judge(path, mode, isLastFollowed);
        if (!judged.IsSuccess)
        {
            return judged.Fault;
        }

        try
        {
            return act(judged.Value);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FileFaultMap.From(exception, path);
        }
    }

    private IEnumerable<WalkedEntry> Walk(
        string real, string path, string relative, int depth, WalkOptions options, CancellationToken cancellationToken)
    {
        foreach (var info in Children(real))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var below = DirectoryPath.Join(relative, info.Name);
            yield return new(below, EntryOf(info, info.Name), () => OpenRead(DirectoryPath.Join(path, below)));
            var isEntered = info is DirectoryInfo && info.LinkTarget is null && depth < limits.Depth
                && (options.MaxDepth == 0 || depth < options.MaxDepth) && options.Enters?.Invoke(below) != false;
            foreach (var entry in isEntered ? Walk(info.FullName, path, below, depth + 1, options, cancellationToken) : [])
            {
                yield return entry;
            }
        }
    }

    private static IEnumerable<FileSystemInfo> Children(string real) => new DirectoryInfo(real)
        .EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true })
        .Where(info => !DirectoryPath.IsReserved(info.Name))
        .OrderBy(info => System.Text.Encoding.UTF8.GetBytes(info.Name), Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)));

    private static FileSystemInfo InfoOf(string real) => Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);

    private static FileEntry EntryOf(FileSystemInfo info, string name) => new(
        name,
        info is DirectoryInfo && info.LinkTarget is null,
        info.LinkTarget is not null,
        info is FileInfo file ? file.Length : 0,
        info.LastWriteTimeUtc,
        OperatingSystem.IsWindows() ? (UnixFileMode)0x1A4 : info.UnixFileMode & Native.FileStatus.Permissions);

    private static FileFault? RequireFile(string real, string path) =>
        Directory.Exists(real) ? new(FileError.IsDirectory, path) : File.Exists(real) ? null : new(FileError.NotFound, path);

    private static FileFault? RequireDirectory(string real, string path) =>
        File.Exists(real) ? new(FileError.NotDirectory, path) : Directory.Exists(real) ? null : new(FileError.NotFound, path);

    private static FileFault Unavailable(string path) => new(FileError.Io, path, "not available on this system");
}
