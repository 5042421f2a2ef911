using System.Collections.Immutable;
using Luminarys.Files.ByPath;
using Luminarys.Files.Opening;
using Luminarys.Files.Transfers;
using Luminarys.Files.Writing;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Extensions.Options;

namespace Luminarys.Files;

/// <summary>File access by handles.</summary>
internal sealed class AnchoredFileAccess(IOptions<FileAccessOptions> options, TimeProvider time) : IFileAccess
{
    private readonly FileAccessOptions _options = options.Value;

    /// <summary>The walls; tests take some down.</summary>
    public FileDefences Defences { get; init; } = FileDefences.All;

    /// <summary>How far an act goes; tests want less.</summary>
    public WalkLimits Limits { get; init; } = new();

    /// <summary>Bytes that stay free on a file system of so many; tests want others.</summary>
    public Func<long, long> Reserve { get; init; } = WritePolicy.DefaultReserve;

    /// <summary>Whether this system opens paths from handles and without links.</summary>
    public bool HasHandles { get; init; } = OperatingSystem.IsLinux();

    /// <summary>Whether the kernel follows paths, rather than this code segment by segment.</summary>
    public bool UsesKernel { get; init; } = OperatingSystem.IsLinux() && KernelOpener.IsAvailable();

    public IGrantedFiles Grant(ImmutableArray<DirectoryGrant> grants, ICollection<string> warnings)
    {
        if (!HasHandles)
        {
            warnings.Add(_options.AllowUnsafePaths
                ? "fs.unsafe_paths is on: whoever renames directories while a skill works leads it out of its grants."
                : $"On this system {ClosedFiles.Rule}.");
            return _options.AllowUnsafePaths ? new PathFiles(grants, warnings, Limits) : new ClosedFiles(grants);
        }

        var opener = Opener();
        var anchors = new AnchorSet(grants, opener, warnings);
        new StagingSweep(Limits, time).Run(anchors);
        return new GrantedFiles(anchors, opener, new(_options.IsDurable, _options.AllowHardLinks, Reserve), Limits, Defences);
    }

    public ITransferFiles GrantTransfers(ImmutableArray<DirectoryGrant> grants, ICollection<string> warnings)
    {
        if (!HasHandles)
        {
            warnings.Add("On this system no files are copied between nodes.");
            return new ClosedTransfers();
        }

        var opener = Opener();
        var anchors = new AnchorSet(grants, opener, warnings);
        for (var index = 0; index < grants.Length; index++)
        {
            if (grants[index].Mode == AccessMode.ReadWrite && anchors.AnchorOf(index) is { Tail: "" } anchor)
            {
                new IncomingSweep(time).Run(anchor.Handle);
            }
        }

        return new GrantedTransfers(anchors, opener, new(IsDurable: true, _options.AllowHardLinks, Reserve) { TakesRoomAhead = Defences.TakesRoomAhead }, Defences);
    }

    private IPathOpener Opener() => !Defences.Beneath ? new FollowingOpener() : UsesKernel ? new KernelOpener() : new SegmentOpener();
}
