using System.Collections.Immutable;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Where a search without a path begins.</summary>
internal static class SearchRoots
{
    /// <summary>
    /// The granted directories in the order of their names, each once and without those that lie in another one. A grant with pattern characters names
    /// no directory to begin with.
    /// </summary>
    public static ImmutableArray<string> Of(ImmutableArray<DirectoryGrant> grants)
    {
        var roots = new List<string>();
        foreach (var grant in grants)
        {
            if (DirectoryPattern.TryParse(grant.Pattern, out var pattern, out _) && pattern.IsLiteral)
            {
                roots.Add(pattern.LiteralPrefix);
            }
        }

        // With the separator below all other characters, a directory stands before its content and before names that only begin alike.
        roots.Sort((one, other) => string.CompareOrdinal(one.Replace('/', '\0'), other.Replace('/', '\0')));
        return [.. roots.Where((root, index) => !roots.Take(index).Any(outer => DirectoryPath.IsWithin(root, outer)))];
    }
}
