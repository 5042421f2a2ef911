using Luminarys.Manifests;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Finds the grant that would let a skill read or write the host's cache of native code: whoever writes there runs code in the host.</summary>
internal static class CacheCover
{
    /// <summary>The manifest's entry that reaches the directory or a file in it; null when none does.</summary>
    public static string? FindGrant(Manifest manifest, string? cacheDirectory)
    {
        if (cacheDirectory is null)
        {
            return null;
        }

        var permissions = manifest.Permissions;
        var grants = permissions.Directories.Concat(permissions.FileTransfer?.LocalDirectories ?? []).Select(grant => grant.Pattern)
            .Concat(permissions.Shell?.AllowedDirectories ?? []);
        string[] places = [.. PlacesOf(Path.GetFullPath(cacheDirectory)), .. PlacesOf(Resolve(cacheDirectory))];
        return grants.FirstOrDefault(grant => Covers(grant, places));
    }

    private static bool Covers(string grant, string[] places)
    {
        var ignoreCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

        // A pattern that cannot be read opens nothing. The second form is the directory behind a link.
        return Glob.TryParse(grant, ignoreCase, out var glob, out _)
            && (Array.Exists(places, place => glob.IsMatch(place))
                || (Directory.Exists(grant) && places.Contains(Shown(Resolve(grant)), ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal)));
    }

    // The directory with a file in it, itself, and everything above: a grant of any of these reaches it.
    private static IEnumerable<string> PlacesOf(string directory)
    {
        yield return $"{Shown(directory).TrimEnd('/')}/cache.key";
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            yield return Shown(at);
        }
    }

    private static string Shown(string path) => path.Replace('\\', '/');

    /// <summary>A path without links: link by link from the root down.</summary>
    public static string Resolve(string path)
    {
        var real = Path.GetPathRoot(Path.GetFullPath(path)) ?? "";
        foreach (var segment in Path.GetFullPath(path)[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, segment);
            real = new DirectoryInfo(real) is { Exists: true, LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? real : real;
        }

        return real;
    }
}
