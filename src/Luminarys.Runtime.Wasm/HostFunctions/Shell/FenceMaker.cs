using System.Collections.Immutable;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>Makes the fence of a skill's programs out of its grants: its directories, its home, and what every program needs of the system.</summary>
internal static class FenceMaker
{
    /// <summary>As a work directory: any.</summary>
    public const string Everywhere = "**";

    private const int MostVisited = 10_000;

    private static readonly ImmutableArray<string> s_readOnly =
        ["/etc", "/proc", "/sys", "/run/systemd/resolve", "/dev/urandom", "/dev/random", "/dev/zero", "/usr/share"];

    private static readonly ImmutableArray<string> s_runnable = ["/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin"];

    /// <summary>Makes it. What a pattern names changes, and is looked up at each start.</summary>
    public static ProgramFence Make(FencedGrants grants, IReadOnlyList<string> path, ProgramPlaces places) =>
        new(s_readOnly, [.. s_runnable, .. path], [places.Home, places.Temporary, "/dev/null"], grants);

    /// <summary>Whether a pattern names directories of any depth.</summary>
    public static bool ReachesAnyDepth(DirectoryPattern pattern) => pattern.Remainder.Contains(Everywhere, StringComparison.Ordinal);

    /// <summary>The directories that a pattern names now. The kernel knows no patterns: one that reaches any depth counts for all below its beginning.</summary>
    public static IReadOnlyList<string> DirectoriesOf(string pattern)
    {
        if (!DirectoryPattern.TryParse(pattern, out var parsed, out _))
        {
            return [];
        }

        return parsed.IsLiteral || ReachesAnyDepth(parsed) ? [parsed.LiteralPrefix] : Walk(parsed);
    }

    private static List<string> Walk(DirectoryPattern pattern)
    {
        var named = new List<string>();
        IEnumerable<string> level = [pattern.LiteralPrefix];
        var left = MostVisited;
        for (var depth = pattern.Remainder.Count(character => character == '/') + 1; depth > 0 && left > 0; depth--)
        {
            string[] next = [.. level.SelectMany(Below).Take(left)];
            left -= next.Length;
            named.AddRange(next.Where(pattern.Names));
            level = next;
        }

        return named;
    }

    // No links: a skill could let one lead out.
    private static IEnumerable<string> Below(string directory) =>
        new DirectoryInfo(directory) is { Exists: true } parent
            ? parent.EnumerateDirectories("*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
                .Select(child => child.FullName)
            : [];
}
