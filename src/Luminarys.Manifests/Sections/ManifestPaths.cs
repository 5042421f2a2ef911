using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Luminarys.Manifests.Sections;

/// <summary>Patterns in the list of skills: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of directories.</summary>
internal static class ManifestPaths
{
    private const int MaxDepth = 16;
    private const int MaxMatches = 10_000;

    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>The files that match, in ordinal order, named the way the pattern is: relative when it is relative. Links are not followed.</summary>
    public static ImmutableArray<string> Expand(string pattern, string workingDirectory)
    {
        var segments = pattern.Replace('\\', '/').Split('/');
        var first = Array.FindIndex(segments, IsPattern);
        var prefix = string.Concat(segments[..first].Select(segment => segment + "/"));
        var matches = new SortedSet<string>(StringComparer.Ordinal);
        Walk(prefix, segments.AsSpan(first), Path.GetFullPath(prefix, workingDirectory), matches, 0);
        return [.. matches];
    }

    private static void Walk(string named, ReadOnlySpan<string> segments, string directory, SortedSet<string> matches, int depth)
    {
        if (depth > MaxDepth || matches.Count >= MaxMatches || segments.IsEmpty || !Directory.Exists(directory))
        {
            return;
        }

        if (segments[0] == "**")
        {
            Walk(named, segments[1..], directory, matches, depth);
        }

        foreach (var entry in Entries(directory))
        {
            var path = named + entry.Name;
            if (entry is FileInfo && segments.Length == 1 && (segments[0] == "**" || Matches(segments[0], entry.Name)))
            {
                matches.Add(path);
            }
            else if (entry is DirectoryInfo && segments[0] == "**")
            {
                Walk($"{path}/", segments, entry.FullName, matches, depth + 1);
            }
            else if (entry is DirectoryInfo && segments.Length > 1 && Matches(segments[0], entry.Name))
            {
                Walk($"{path}/", segments[1..], entry.FullName, matches, depth + 1);
            }
        }
    }

    private static IEnumerable<FileSystemInfo> Entries(string directory) => new DirectoryInfo(directory).EnumerateFileSystemInfos(
        "*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint });

    /// <summary>As in a shell, a pattern does not find hidden files.</summary>
    private static bool Matches(string pattern, string name) =>
        (name[0] != '.' || pattern[0] == '.') && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
