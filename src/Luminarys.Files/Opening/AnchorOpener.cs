using Luminarys.Files.Native;
using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>Opens the literal directories of grants. The operator's links are followed here, once, and nowhere later.</summary>
internal sealed class AnchorOpener(ICollection<string> warnings)
{
    private static readonly int s_flags = OpenFlags.Path;

    public Anchor Open(DirectoryGrant grant, DirectoryPattern pattern)
    {
        var written = pattern.LiteralPrefix;
        var errno = Handles.Open(written, s_flags, out var handle);
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
        warnings.Add($"The granted directory '{grant.Pattern}' cannot be opened: {(errno == Errno.NoEntry ? "it does not exist" : errno)}.");
        return FromRoot(written, CanonicalOfMissing(written));
    }

    // A granted file is looked up in its directory at each use: writing replaces it.
    private static Anchor FromParent(string written, string canonical, long type)
    {
        var errno = Handles.Open(DirectoryPath.ParentOf(canonical), s_flags | OpenFlags.Directory | OpenFlags.NoFollow, out var parent);
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
        _ = Handles.Open("/", s_flags, out var root);
        return new(root, written, canonical, DirectoryPath.RelativeTo(canonical, "/"), 0);
    }

    private static string CanonicalOfMissing(string written)
    {
        for (var above = written; above != "/";)
        {
            above = DirectoryPath.ParentOf(above);
            var errno = Handles.Open(above, s_flags, out var handle);
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
}
