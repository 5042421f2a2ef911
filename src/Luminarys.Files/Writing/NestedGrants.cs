using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Files.Walking;

namespace Luminarys.Files.Writing;

/// <summary>Keeps an act on a whole directory away from grants inside it.</summary>
internal sealed class NestedGrants(Resolver resolver, WalkLimits limits)
{
    /// <summary>Whether everything in a directory may be changed.</summary>
    public FileFault? Check(string path, string realPath, CancellationToken cancellationToken)
    {
        var (requested, real) = (resolver.Anchors.Requested, resolver.Anchors.Real);
        if (!resolver.Defences.KeepsGrants)
        {
            return null;
        }

        if (requested.HoldsReadOnly(path) || real.HoldsReadOnly(realPath))
        {
            return FileFaultMap.Denied(path, "a directory that holds a read-only grant stays as it is");
        }

        return requested.MayHoldReadOnly(path) || real.MayHoldReadOnly(realPath) ? Search(path, realPath, cancellationToken) : null;
    }

    // A pattern may name something in there: only looking tells.
    private FileFault? Search(string path, string realPath, CancellationToken cancellationToken)
    {
        var walk = new DirectoryWalk(resolver, limits, path, new());
        try
        {
            foreach (var relative in walk.Enumerate(cancellationToken).Select(entry => entry.RelativePath))
            {
                if (IsReadOnly(resolver.Anchors.Requested, path, relative) || IsReadOnly(resolver.Anchors.Real, realPath, relative))
                {
                    return FileFaultMap.Denied(path, "a directory that holds a read-only grant stays as it is");
                }
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            return FileFaultMap.Cancelled(path);
        }
    }

    private static bool IsReadOnly(DirectoryRules rules, string directory, string relative) =>
        rules.Find(DirectoryPath.Join(directory, relative)) is { Grant.Mode: AccessMode.ReadOnly };
}
