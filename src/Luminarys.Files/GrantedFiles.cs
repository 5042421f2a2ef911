using System.Collections.Immutable;
using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Files.Walking;
using Luminarys.Files.Writing;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files;

/// <summary>One set of grants, opened. Checks the text of each path, then leaves the act to the class that knows it.</summary>
internal sealed class GrantedFiles : IGrantedFiles
{
    private readonly AnchorSet _anchors;
    private readonly Resolver _resolver;
    private readonly PlaceFinder _places;
    private readonly FileReader _reader;
    private readonly FileWriter _writer;
    private readonly TreeStager _trees;
    private readonly Deletion _deletion;
    private readonly ModeChange _modes;
    private readonly WalkLimits _limits;

    public GrantedFiles(AnchorSet anchors, IPathOpener opener, WritePolicy policy, WalkLimits limits, FileDefences defences)
    {
        (_anchors, _limits) = (anchors, limits);
        _resolver = new(anchors, opener, new(anchors, defences), defences);
        var nested = new NestedGrants(_resolver, limits);
        _places = new(_resolver);
        _reader = new(_resolver, limits);
        _writer = new(_resolver, _places, policy);
        _trees = new(_resolver, _places, policy);
        _deletion = new(_resolver, _places, nested, limits);
        _modes = new(_resolver, nested, policy, limits);
        DefaultDirectory = anchors.FirstLiteral;
    }

    public ImmutableArray<DirectoryGrant> Grants => _anchors.Grants;

    public string? DefaultDirectory { get; }

    public FileResult<Stream> OpenRead(string path) => TryTake(path, out var taken, out var fault) ? _reader.OpenRead(taken) : fault;

    public ImmutableArray<string> FindRoots(CancellationToken cancellationToken) => new GrantSearch(_anchors, _limits).Find(cancellationToken);

    public FileResult<IStagedFile> Create(string path, FileCreation creation, UnixFileMode? mode = null) =>
        TryTake(path, out var taken, out var fault) ? _writer.Create(taken, creation, mode) : fault;

    public FileResult<IStagedTree> CreateTree(string path) => TryTake(path, out var taken, out var fault) ? _trees.Begin(taken) : fault;

    public FileResult<SafeFileHandle> OpenDirectory(string path, AccessMode mode)
    {
        if (!TryTake(path, out var taken, out var fault))
        {
            return fault;
        }

        var opened = _resolver.OpenDirectory(taken, mode);
        return opened.IsSuccess ? opened.Value.Handle : opened.Fault;
    }

    public FileResult<FileEntry> Stat(string path) => TryTake(path, out var taken, out var fault) ? _reader.Stat(taken) : fault;

    public FileResult<ImmutableArray<FileEntry>> List(string path, CancellationToken cancellationToken) =>
        TryTake(path, out var taken, out var fault) ? _reader.List(taken, cancellationToken) : fault;

    public FileResult<IEnumerable<WalkedEntry>> Walk(string path, WalkOptions options, CancellationToken cancellationToken)
    {
        if (!TryTake(path, out var taken, out var fault))
        {
            return fault;
        }

        var walk = new DirectoryWalk(_resolver, _limits, taken, options);
        return walk.Check() is { } unfit ? unfit : new FileResult<IEnumerable<WalkedEntry>>(walk.Enumerate(cancellationToken), null);
    }

    public FileFault? CreateDirectory(string path)
    {
        if (!TryTake(path, out var taken, out var fault))
        {
            return fault;
        }

        var made = _places.Make(taken);
        made.Value?.Dispose();
        return made.Fault;
    }

    public FileFault? Delete(string path, CancellationToken cancellationToken) =>
        TryTake(path, out var taken, out var fault) ? _deletion.Delete(taken, cancellationToken) : fault;

    public FileFault? SetMode(string path, UnixFileMode mode, bool recursive, CancellationToken cancellationToken) =>
        TryTake(path, out var taken, out var fault) ? _modes.SetMode(taken, mode, recursive, cancellationToken) : fault;

    public FileResult<DiskSpace> GetDiskSpace(string path) => TryTake(path, out var taken, out var fault) ? _reader.GetDiskSpace(taken) : fault;

    public void Dispose() => _anchors.Dispose();

    private static bool TryTake(string path, out string taken, out FileFault fault)
    {
        var isPath = DirectoryPath.TryNormalize(path, out var normalized, out var why);
        (taken, fault) = (normalized ?? "", isPath ? null! : FileFaultMap.Invalid(path, why!));
        return isPath;
    }
}
