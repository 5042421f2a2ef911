namespace Luminarys.Files.Tests.Model;

/// <summary>Everything in a directory: names, kinds, modes, contents.</summary>
internal sealed class TreeImage
{
    private readonly SortedDictionary<string, string> _entries = new(StringComparer.Ordinal);

    public static TreeImage Take(string root)
    {
        var image = new TreeImage();
        image.Add(root);
        return image;
    }

    /// <summary>The paths that are new, gone or different.</summary>
    public List<string> DifferencesTo(TreeImage other) =>
        [.. _entries.Except(other._entries).Concat(other._entries.Except(_entries)).Select(entry => entry.Key).Distinct()];

    private void Add(string directory)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            var isDirectory = entry is DirectoryInfo && entry.LinkTarget is null;
            _entries[entry.FullName] = entry.LinkTarget is { } target ? $"link {target}"
                : isDirectory ? $"directory {entry.UnixFileMode}"
                : $"file {entry.UnixFileMode} {File.ReadAllText(entry.FullName)}";
            if (isDirectory)
            {
                Add(entry.FullName);
            }
        }
    }
}
