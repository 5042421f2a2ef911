using System.Text.RegularExpressions;

namespace Luminarys.Architecture.Tests.Rules;

/// <summary>The repository stands on its own: a stranger's clean clone builds, and nothing in it speaks of the machine it was written on.</summary>
internal static partial class RepositoryRules
{
    // In pieces, so that this file does not contain what it looks for.
    private static readonly string[] s_machineWords = ["../" + "shared"];

    private static readonly string[] s_rootEntries =
    [
        ".ci", ".config", ".dockerignore", ".editorconfig", ".gitattributes", ".github", ".gitignore",
        "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "Directory.Build.props", "Directory.Packages.props", "Dockerfile",
        "LICENSE", "Luminarys.sln", "README.md", "SECURITY.md",
        "bench", "demo", "deploy", "docs", "eng", "global.json", "nuget.config", "samples", "sdk", "src", "test", "tests",
    ];

    private static readonly string[] s_publicRegistries = ["nuget.org", "npmjs.org", "npmjs.com"];

    /// <summary>Mentions of places that exist only where the text was written.</summary>
    public static IEnumerable<string> MachineMentions(string path, string text) =>
        from line in text.Split('\n').Index()
        where MachinePath().IsMatch(line.Item) || s_machineWords.Any(word => line.Item.Contains(word, StringComparison.Ordinal))
        select $"{path}:{line.Index + 1}: names a place outside the repository.";

    /// <summary>
    /// Addresses of package registries other than the public ones that nuget.config and npm use. Loopback and reserved example names are nobody's registry.
    /// </summary>
    public static IEnumerable<string> ForeignRegistries(string path, string text) =>
        from line in text.Split('\n').Index()
        from Match match in Address().Matches(line.Item)
        let host = match.Groups["host"].Value
        where (RegistryHost().IsMatch(host) || RegistryPath().IsMatch(match.Groups["path"].Value)) && !IsKnown(host)
        select $"{path}:{line.Index + 1}: names the package registry {host}.";

    /// <summary>Entries at the root that no reader expects there; plans and notes belong in issues.</summary>
    public static IEnumerable<string> UnexpectedRootEntries(IEnumerable<string> paths) =>
        from entry in paths.Select(path => path.Split('/')[0]).Distinct()
        where !s_rootEntries.Contains(entry)
        select $"{entry} is not expected at the root.";

    private static bool IsKnown(string host) =>
        s_publicRegistries.Any(known => host == known || host.EndsWith("." + known, StringComparison.Ordinal))
        || host is "localhost" or "127.0.0.1"
        || ExampleHost().IsMatch(host);

    [GeneratedRegex("(?<![A-Za-z0-9_.$}*-])/" + "work/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?://(?:[^\s/@""']+@)?(?<host>[A-Za-z0-9.-]+)(?::\d+)?(?<path>/[^\s""'<>)]*)?")]
    private static partial Regex Address();

    [GeneratedRegex(@"(^|[.-])(registry|registries|nuget|npm|npmjs|pypi|artifactory|nexus|jfrog|mirrors?|feeds?|packages|pkgs|crates|goproxy|verdaccio)([.-]|$)")]
    private static partial Regex RegistryHost();

    [GeneratedRegex(@"/v3/index\.json|/api/npm/|/artifactory/|/repository/|/simple/|/_packaging/")]
    private static partial Regex RegistryPath();

    [GeneratedRegex(@"(^|\.)example(\.(com|org|net))?$|\.(test|invalid|localhost)$")]
    private static partial Regex ExampleHost();
}
