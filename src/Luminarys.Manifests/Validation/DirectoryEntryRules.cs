using System.Buffers;
using Luminarys.Permissions;

namespace Luminarys.Manifests.Validation;

/// <summary>Directory entries: <c>/data/projects/*/src:rw</c>.</summary>
internal static class DirectoryEntryRules
{
    private static readonly SearchValues<char> GlobCharacters = SearchValues.Create("*?[]{}\\");

    /// <summary>Splits off the mode. Without one the entry is read-only, and <paramref name="hasMode"/> is false.</summary>
    public static (string Path, AccessMode Mode) Split(string entry, out bool hasMode)
    {
        var isReadWrite = entry.EndsWith(":rw", StringComparison.Ordinal);
        hasMode = isReadWrite || entry.EndsWith(":ro", StringComparison.Ordinal);
        return (hasMode ? entry[..^3] : entry, isReadWrite ? AccessMode.ReadWrite : AccessMode.ReadOnly);
    }

    /// <summary>Makes a directory pattern absolute. Characters of the working directory never act as a pattern.</summary>
    public static ValueRule<string> Pattern(string workingDirectory) => (string text, out string value) =>
    {
        value = text;
        if (GlobRules.Pattern(text, out _) is { } complaint)
        {
            return complaint;
        }

        if (text[0] == '{')
        {
            return "begins with a brace: write one entry for each directory";
        }

        var isPattern = text.AsSpan().ContainsAny(GlobCharacters);
        var hasParent = text.Split('/').Contains("..", StringComparer.Ordinal);
        if (isPattern && hasParent)
        {
            return "goes up with '..' beside pattern characters: write the directory itself";
        }

        var isAbsolute = Path.IsPathFullyQualified(text);
        value = hasParent && !isAbsolute ? Escape(Path.GetFullPath(text, workingDirectory))
            : Path.GetFullPath(isAbsolute ? text : $"{Escape(workingDirectory).TrimEnd('/')}/{text}");
        value = value.Length > 1 ? value.TrimEnd('/') : value;
        return null;
    };

    private static string Escape(string path) => path.AsSpan().ContainsAny(GlobCharacters) && !OperatingSystem.IsWindows()
        ? string.Concat(path.Select(character => GlobCharacters.Contains(character) ? $"\\{character}" : $"{character}"))
        : path;
}
