using System.Collections.Immutable;
using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Ports;

/// <summary>
/// The files that one set of grants opens. Check and use act on the same handle, so that nobody who renames directories or links meanwhile
/// leads an act elsewhere. Paths are absolute, with <c>/</c>. Thread-safe; calls block. Nothing a path holds makes it throw.
/// </summary>
public interface IGrantedFiles : IDisposable
{
    /// <summary>The grants, in the manifest's order.</summary>
    ImmutableArray<DirectoryGrant> Grants { get; }

    /// <summary>The first grant without pattern characters: what an empty path means to some functions. Null without one.</summary>
    string? DefaultDirectory { get; }

    /// <summary>Opens a regular file for reading. The caller owns the stream, which can seek.</summary>
    FileResult<Stream> OpenRead(string path);

    /// <summary>
    /// The granted directories in the order of their names, each once and without those that lie in another one: where a search of everything begins.
    /// A grant with pattern characters stands for the directories that are there now and that it names; no link is followed to find them, and no more
    /// than the host's limits are looked at. A literal grant need not be there.
    /// </summary>
    ImmutableArray<string> FindRoots(CancellationToken cancellationToken);

    /// <summary>Begins a file, making parent directories. The caller owns the result.</summary>
    /// <param name="path">The file.</param>
    /// <param name="creation">What becomes of one that is there.</param>
    /// <param name="mode">
    /// Permission bits, 0 to 0777, which a new or replaced file has from its first byte on and never more; null for the usual ones.
    /// </param>
    FileResult<IStagedFile> Create(string path, FileCreation creation, UnixFileMode? mode = null);

    /// <summary>Begins many files below a directory, which is made when it is missing. The caller owns the result.</summary>
    FileResult<IStagedTree> CreateTree(string path);

    /// <summary>Opens a directory as a handle for the start of a program in it. The caller owns it.</summary>
    FileResult<SafeFileHandle> OpenDirectory(string path, AccessMode mode);

    /// <summary>Tells about one file or directory; a link is followed when its target is granted.</summary>
    FileResult<FileEntry> Stat(string path);

    /// <summary>Lists a directory, sorted by name in byte order.</summary>
    FileResult<ImmutableArray<FileEntry>> List(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Goes through a directory and everything below it, sorted by segments, a directory before its content. Links are told and not followed.
    /// The sequence stops with <see cref="OperationCanceledException"/> when the token is cancelled; unreadable directories are left out. It ends
    /// early at the host's limits, see <see cref="WalkOptions.OnLimit"/>. Handles are open while it is enumerated, and closed when that ends.
    /// </summary>
    FileResult<IEnumerable<WalkedEntry>> Walk(string path, WalkOptions options, CancellationToken cancellationToken);

    /// <summary>Makes a directory and its parents; one that is there is a success.</summary>
    FileFault? CreateDirectory(string path);

    /// <summary>Removes a file, a link, or a directory with everything in it. A granted directory itself, and one that holds a read-only grant, stays.</summary>
    FileFault? Delete(string path, CancellationToken cancellationToken);

    /// <summary>Sets permission bits, 0 to 0777. A link that is named is followed when its target is granted; links inside a directory are left out.</summary>
    FileFault? SetMode(string path, UnixFileMode mode, bool recursive, CancellationToken cancellationToken);

    /// <summary>Tells about the file system of a path.</summary>
    FileResult<DiskSpace> GetDiskSpace(string path);
}
