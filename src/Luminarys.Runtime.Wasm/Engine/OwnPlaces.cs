using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// Finds the grant that would let a skill read or change what the host keeps for itself: its state directory with the homes of other skills, its
/// database, its keys. The skill's own home and temporary directory are its own.
/// </summary>
internal static class OwnPlaces
{
    /// <summary>Says which entry of the manifest reaches what, and what to do; null when none does.</summary>
    public static string? FindFault(Manifest manifest, WasmRuntimeOptions options)
    {
        var state = Path.GetFullPath(ProgramPlaces.RootOf(options.StateDirectory));
        string[] own = [.. Forms(state).SelectMany(place => new[] { $"{place}/home/{manifest.Id}", $"{place}/tmp/{manifest.Id}" })];
        foreach (var (key, grant) in GrantsOf(manifest.Permissions))
        {
            if (!DirectoryPattern.TryParse(grant, out var pattern, out _))
            {
                continue;
            }

            if (!FormsOf(pattern).All(prefix => own.Any(place => DirectoryPath.IsWithin(prefix, place))) && Forms(state).Any(place => Reaches(pattern, place)))
            {
                return $"its grant {key}: {grant} reaches the host's own state directory {state}; grant less, or move cluster.state_dir";
            }

            if (options.OwnPaths.FirstOrDefault(path => Forms(Path.GetFullPath(path)).Any(place => Reaches(pattern, place))) is { } reached)
            {
                return $"its grant {key}: {grant} reaches {reached}, which is the host's own; grant less, or move it";
            }
        }

        return null;
    }

    // A work directory "anywhere" opens no files.
    private static IEnumerable<(string Key, string Pattern)> GrantsOf(PermissionSet permissions) =>
        permissions.Directories.Select(grant => ("permissions.fs.dirs", grant.Pattern))
            .Concat((permissions.FileTransfer?.LocalDirectories ?? []).Select(grant => ("permissions.file_transfer.local_dirs", grant.Pattern)))
            .Concat((permissions.Shell?.AllowedDirectories ?? []).Where(pattern => pattern != FenceMaker.Everywhere)
                .Select(pattern => ("permissions.shell.allowed_dirs", pattern)));

    // As it is written and as it is without links; a grant is asked in both forms below.
    private static IEnumerable<string> Forms(string path) => new[] { path, CacheCover.Resolve(path) }.Distinct(StringComparer.Ordinal);

    // Whether the grant names the place, something above it or something in it: segment for segment, as far as both go.
    private static bool Reaches(DirectoryPattern pattern, string place) =>
        FormsOf(pattern).Any(prefix => Reaches(DirectoryPath.Join(DirectoryPattern.Escape(prefix), pattern.Remainder), place));

    private static bool Reaches(string grant, string place)
    {
        var (segments, names) = (SegmentsOf(grant), SegmentsOf(place));
        for (var length = 1; length <= Math.Min(segments.Length, names.Length); length++)
        {
            var segment = segments[length - 1];
            var any = segment.IndexOf(FenceMaker.Everywhere, StringComparison.Ordinal);
            var beginning = $"/{string.Join('/', segments[..(length - 1)].Append(any < 0 ? segment : $"{segment[..any]}*"))}";

            // What cannot be read by itself, such as a choice of several segments, may be anything.
            if (DirectoryPattern.TryParse(beginning, out var parsed, out _) && !parsed.Names($"/{string.Join('/', names[..length])}"))
            {
                return false;
            }

            if (any >= 0 || parsed is null)
            {
                return true;
            }
        }

        return true;
    }

    private static string[] SegmentsOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> FormsOf(DirectoryPattern pattern) => Forms(pattern.LiteralPrefix);
}
