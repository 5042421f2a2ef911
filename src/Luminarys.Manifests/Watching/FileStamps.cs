using System.Collections.Immutable;

namespace Luminarys.Manifests.Watching;

/// <summary>The stamps of a set of files at one moment. Immutable.</summary>
/// <param name="stamps">By absolute path.</param>
internal sealed class FileStamps(ImmutableDictionary<string, FileStamp> stamps)
{
    /// <summary>The folders that the files lie in, each once.</summary>
    public ImmutableArray<string> Directories =>
        [.. stamps.Keys.Select(Path.GetDirectoryName).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Whether the file is one of them.</summary>
    public bool Has(string path) => stamps.ContainsKey(path);

    /// <summary>Looks at files.</summary>
    public static FileStamps Of(IEnumerable<string> paths) => new(paths.ToImmutableDictionary(path => path, FileStamp.Of, StringComparer.Ordinal));

    /// <summary>Looks at the same files again.</summary>
    public FileStamps Again() => Of(stamps.Keys);

    /// <summary>Whether nothing has changed between two looks at the same files.</summary>
    public bool IsSame(FileStamps other) => stamps.All(pair => other.StampOf(pair.Key) == pair.Value);

    private FileStamp StampOf(string path) => stamps.GetValueOrDefault(path);
}
