using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// What the grants of a skill open to its programs. Their directories are opened once, when the skill is loaded: a program may write in some of them, and
/// by a link in the place of a directory it would widen its own fence at the next start. Thread-safe.
/// </summary>
internal sealed class FencedGrants : IDisposable
{
    private readonly ImmutableArray<DirectoryGrant> _entries;
    private readonly ImmutableArray<DirectoryGrant> _work;
    private readonly IGrantedFiles _files;
    private readonly bool _isAnchored;

    /// <summary>Opens the directories.</summary>
    /// <param name="permissions">The skill's grants.</param>
    /// <param name="files">Opens them.</param>
    /// <param name="defences">All, but in tests.</param>
    public FencedGrants(PermissionSet permissions, IFileAccess files, ShellDefences defences)
    {
        _entries = permissions.Directories;

        // Where programs may run they may also write. A work directory "anywhere" opens no files.
        _work = [.. (permissions.Shell?.AllowedDirectories ?? []).Where(pattern => pattern != FenceMaker.Everywhere)
            .Select(pattern => new DirectoryGrant(pattern, AccessMode.ReadWrite))];
        _files = files.Grant([.. _entries.Concat(_work).Select(AnchorOf)], new List<string>());
        _isAnchored = defences.AnchoredFence;
    }

    /// <summary>Whether the grants name no directory at all.</summary>
    public bool IsEmpty => _entries.IsEmpty && _work.IsEmpty;

    /// <summary>Read-only entries that programs can write below all the same, each with the entry that lets them: the kernel's rules only add.</summary>
    public IEnumerable<(DirectoryGrant ReadOnly, DirectoryGrant Writable)> FindOverruled() =>
        from writable in _entries.Where(entry => entry.Mode == AccessMode.ReadWrite).Concat(OwnWork())
        from entry in _entries.Where(entry => entry.Mode == AccessMode.ReadOnly)
        where Overrules(writable, entry)
        select (entry, writable);

    /// <summary>Opens what the grants name now. The caller owns the handles.</summary>
    public IEnumerable<(SafeFileHandle Handle, bool IsDirectory, AccessMode Mode)> Open()
    {
        foreach (var entry in _entries.Concat(OwnWork()))
        {
            foreach (var path in FenceMaker.DirectoriesOf(entry.Pattern))
            {
                if (Open(path, entry.Mode, out var isDirectory) is { } handle)
                {
                    yield return (handle, isDirectory, entry.Mode);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();

    // The kernel knows no patterns: one that reaches any depth counts for all below its beginning.
    private static DirectoryGrant AnchorOf(DirectoryGrant entry) =>
        DirectoryPattern.TryParse(entry.Pattern, out var pattern, out _) && FenceMaker.ReachesAnyDepth(pattern)
            ? entry with { Pattern = DirectoryPattern.Escape(pattern.LiteralPrefix) }
            : entry;

    private static bool Overrules(DirectoryGrant writable, DirectoryGrant readOnly) =>
        DirectoryPattern.TryParse(readOnly.Pattern, out var inner, out _) && DirectoryPattern.TryParse(writable.Pattern, out var outer, out _)
        && FenceMaker.DirectoriesOf(writable.Pattern).Any(directory =>
            DirectoryPath.IsWithin(inner.LiteralPrefix, directory) && !(inner.IsLiteral && outer.IsLiteral && inner.LiteralPrefix == directory));

    // What the file grants say about a work directory counts.
    private IEnumerable<DirectoryGrant> OwnWork()
    {
        string[] granted = [.. _entries.SelectMany(entry => FenceMaker.DirectoriesOf(entry.Pattern))];
        return _work.SelectMany(entry => FenceMaker.DirectoriesOf(entry.Pattern))
            .Where(directory => !granted.Any(grant => DirectoryPath.IsWithin(directory, grant)))
            .Select(directory => new DirectoryGrant(DirectoryPattern.Escape(directory), AccessMode.ReadWrite));
    }

    private SafeFileHandle? Open(string path, AccessMode mode, out bool isDirectory)
    {
        isDirectory = true;
        if (!_isAnchored)
        {
            isDirectory = Directory.Exists(path);
            return ProgramFence.OpenByName(path);
        }

        var directory = _files.OpenDirectory(path, mode);
        if (directory.IsSuccess || directory.Fault.Error != FileError.NotDirectory)
        {
            return directory.Value;
        }

        isDirectory = false;
        return (_files.OpenRead(path).Value as FileStream)?.SafeFileHandle;
    }
}
