using System.Globalization;
using System.IO.Enumeration;
using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk.Watching;

/// <summary>What an author edits below a folder: sources and manifests, without what tools write there.</summary>
internal sealed class SourceTree(string directory, SkillLanguage language)
{
    private static readonly string[] s_extensions = [".ts", ".go", ".rs", ".yaml"];
    private static readonly string[] s_foreign = ["node_modules", "target", "build"];

    /// <summary>Names, sizes and times of all files: another text when one of them has changed.</summary>
    public string Read()
    {
        var files = new FileSystemEnumerable<string>(directory, Describe, new() { RecurseSubdirectories = true })
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => entry.FileName[0] != '.' && !s_foreign.Contains(entry.FileName.ToString()),
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsSource(entry.FileName.ToString()),
        };
        return string.Join('\n', files.Order(StringComparer.Ordinal));
    }

    /// <summary>The newest module where builds put one; null without one.</summary>
    public string? FindModule() =>
        new[] { directory, Path.Combine(directory, "target", "wasm32-wasip1", "release") }
            .Where(Directory.Exists)
            .SelectMany(place => Directory.EnumerateFiles(place, "*.wasm"))
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .FirstOrDefault();

    private bool IsSource(string name) => s_extensions.Contains(Path.GetExtension(name)) && name != SourceFinder.OutputOf(language);

    private static string Describe(ref FileSystemEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.ToFullPath()} {entry.Length} {entry.LastWriteTimeUtc.Ticks}");
}
