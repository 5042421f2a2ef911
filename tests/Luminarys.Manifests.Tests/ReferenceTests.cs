using System.Text.RegularExpressions;
using Luminarys.Manifests.Sections;
using Luminarys.Manifests.Substitution;
using Luminarys.Manifests.Yaml;

namespace Luminarys.Manifests.Tests;

/// <summary>The reference pages list exactly the keys that the readers know, and mark those without effect.</summary>
public sealed partial class ReferenceTests
{
    [Fact]
    public void Configuration_EveryKey_HasItsRow()
    {
        string[] aliases = ["cluster.relay_host", "http.cors_origins"];
        var known = KeysOf("host/every-key-at-its-default.yaml").Union(aliases);

        Assert.Equal(known.Order(StringComparer.Ordinal), Rows("configuration.md").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Configuration_KeysWithoutEffect_AreMarked() =>
        Assert.Equal(UpcomingKeys.Host.Order(StringComparer.Ordinal), Marked("configuration.md"));

    [Fact]
    public void Manifest_EveryKey_HasItsRow()
    {
        var known = KeysOf("skill/every-key.yaml").Where(key => !key.StartsWith("env.", StringComparison.Ordinal) && !key.StartsWith("methods.", StringComparison.Ordinal));
        string[] elsewhere = ["permissions.fs.root", "permissions", "env", "methods"];

        Assert.Equal(known.Union(elsewhere).Order(StringComparer.Ordinal), Rows("manifest.md").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Manifest_KeysWithoutEffect_AreMarked() => Assert.Equal(UpcomingKeys.Manifest.Order(StringComparer.Ordinal), Marked("manifest.md"));

    private static IEnumerable<string> Marked(string page) =>
        Rows(page).Where(row => row.Value.Contains("*not yet*", StringComparison.Ordinal)).Select(row => row.Key).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Rows(string page)
    {
        var text = File.ReadAllText(Path.Combine(Fixtures.Directory, "..", "..", "..", "docs", "reference", page));
        return Row().Matches(text).ToDictionary(match => match.Groups["key"].Value, match => match.Value, StringComparer.Ordinal);
    }

    /// <summary>Dotted paths of everything in a file that is no map, and of empty maps.</summary>
    private static IEnumerable<string> KeysOf(string file)
    {
        var text = new SubstitutedText(File.ReadAllText(Path.Combine(Fixtures.Directory, file)), [], [], []);
        return Paths(YamlTreeReader.Read(text.Text, new ProblemList(file, text, ConfigurationSeverity.Warning))!, "");
    }

    private static IEnumerable<string> Paths(YamlNode node, string path) => node is YamlMapping { Entries.IsEmpty: false } map
        ? map.Entries.SelectMany(entry => Paths(entry.Value, path.Length == 0 ? entry.Key.Text : $"{path}.{entry.Key.Text}"))
        : [path];

    [GeneratedRegex(@"^\| `(?<key>[a-z0-9_.]+)` \|(?=.*\|.*\|).*$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
