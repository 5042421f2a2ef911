using System.Collections.Immutable;
using Luminarys.Files.Native;
using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>
/// Opens the literal directories of grants. The operator's links are followed here, once, and nowhere later; but a link inside a read-write grant
/// may be the work of a program that was let in there, so it leads a second grant no further than the first one reaches.
/// </summary>
internal sealed class AnchorOpener(ImmutableArray<DirectoryGrant> grants, DirectoryRules rules, IPathOpener opener, ICollection<string> warnings)
{
    private readonly Anchor?[] _anchors = new Anchor?[grants.Length];

    /// <summary>One for each grant, in their order; null for a grant that is none.</summary>
    public IEnumerable<Anchor?> OpenAll()
    {
        // Outer directories first: what lies inside one that may be written is opened from it.
        var order = Enumerable.Range(0, grants.Length).Where(index => rules.PatternOf(index) is not null);
        foreach (var index in order.OrderBy(index => rules.PatternOf(index)!.LiteralPrefix.Length))
        {
            _anchors[index] = Open(grants[index], rules.PatternOf(index)!.LiteralPrefix);
        }

        return _anchors;
    }

    private Anchor Open(DirectoryGrant grant, string written)
    {
        var errno = OpenHandle(written, out var handle);
        if (errno == Errno.None && (errno = Handles.RealPath(handle, out var canonical)) == Errno.None
            && (errno = Handles.Stat(handle, out var status)) == Errno.None)
        {
            var type = KernelTrees.TypeOf(handle, canonical) ?? 0;
            if (status.Kind == FileKind.Directory)
            {
                return new(handle, written, canonical, "", type);
            }

            handle.Dispose();
            return FromParent(written, canonical, type);
        }

        handle.Dispose();
        warnings.Add($"The granted directory '{grant.Pattern}' cannot be opened: {ReasonOf(errno)}.");
        return FromRoot(written, CanonicalOfMissing(written));
    }

    private Errno OpenHandle(string written, out SafeFileHandle handle)
    {
        for (var index = 0; index < grants.Length; index++)
        {
            if (grants[index].Mode == AccessMode.ReadWrite && _anchors[index] is { } outer
                && rules.PatternOf(index)!.FindRoot(written, deepest: false) is { } root && root != written)
            {
                return OpenWithin(outer, root, DirectoryPath.RelativeTo(written, root), out handle);
            }
        }

        return Handles.Open(written, OpenFlags.Path, out handle);
    }

    private Errno OpenWithin(Anchor outer, string root, string relative, out SafeFileHandle handle)
    {
        var errno = opener.Open(outer.Handle, outer.TailTo(root, isCanonical: false), followLinks: false, out var directory);
        using (directory)
        {
            handle = new();
            return errno == Errno.None ? opener.Open(directory, relative, followLinks: true, out handle) : errno;
        }
    }

    // A granted file is looked up in its directory at each use: writing replaces it.
    private static Anchor FromParent(string written, string canonical, long type)
    {
        var errno = Handles.Open(DirectoryPath.ParentOf(canonical), OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow, out var parent);
        if (errno == Errno.None)
        {
            return new(parent, written, canonical, DirectoryPath.NameOf(canonical), type);
        }

        parent.Dispose();
        return FromRoot(written, canonical);
    }

    // What is missing is looked up from the root at each use, without links: who may make it could otherwise lead the grant elsewhere.
    private static Anchor FromRoot(string written, string canonical)
    {
        _ = Handles.Open("/", OpenFlags.Path, out var root);
        return new(root, written, canonical, DirectoryPath.RelativeTo(canonical, "/"), 0);
    }

    private static string CanonicalOfMissing(string written)
    {
        for (var above = written; above != "/";)
        {
            above = DirectoryPath.ParentOf(above);
            var errno = Handles.Open(above, OpenFlags.Path, out var handle);
            using (handle)
            {
                if (errno == Errno.None && Handles.RealPath(handle, out var canonical) == Errno.None)
                {
                    return DirectoryPath.Join(canonical, DirectoryPath.RelativeTo(written, above));
                }
            }
        }

        return written;
    }

    private static string ReasonOf(Errno errno) => errno switch
    {
        Errno.NoEntry => "it does not exist",
        Errno.CrossDevice or Errno.Loop => "a link inside a read-write grant leads out of that grant; name its target instead",
        _ => $"system error {(int)errno}",
    };
}
