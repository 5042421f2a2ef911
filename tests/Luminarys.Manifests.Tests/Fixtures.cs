using System.Text.RegularExpressions;

namespace Luminarys.Manifests.Tests;

/// <summary>The YAML files under tests/assets/manifests and the problems that their comments expect.</summary>
internal static partial class Fixtures
{
    public const string Token = "token-of-the-environment";

    public static Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal)
    {
        ["AUTH_TOKEN"] = Token,
        ["NATS_TOKEN"] = "nats-token-of-the-environment",
        ["EMPTY"] = "",
    };

    public static string Directory { get; } = FindDirectory();

    public static TheoryData<string> In(string folder)
    {
        var data = new TheoryData<string>();
        foreach (var file in System.IO.Directory.EnumerateFiles(Path.Combine(Directory, folder), "*.yaml").Order(StringComparer.Ordinal))
        {
            data.Add($"{folder}/{Path.GetFileName(file)}");
        }

        return data;
    }

    /// <summary>Every expected problem is there, at its line, and no other.</summary>
    public static void AssertProblems(string file, IReadOnlyCollection<ConfigurationProblem> problems)
    {
        var expected = Expectations(File.ReadAllLines(Path.Combine(Directory, file))).ToList();
        var unexpected = new List<ConfigurationProblem>();
        foreach (var problem in problems)
        {
            var match = expected.FindIndex(e =>
                e.Line == problem.Line && e.Severity == problem.Severity && e.Key == problem.Key
                && problem.Message.Contains(e.Words, StringComparison.Ordinal));
            if (match < 0)
            {
                unexpected.Add(problem);
            }
            else
            {
                expected.RemoveAt(match);
            }
        }

        Assert.True(
            expected.Count == 0 && unexpected.Count == 0,
            $"missing:\n{string.Join('\n', expected)}\nunexpected:\n{string.Join('\n', unexpected)}");
        Assert.All(problems, problem => Assert.DoesNotContain("of-the-environment", problem.ToString(), StringComparison.Ordinal));
    }

    private static IEnumerable<Expectation> Expectations(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (Match match in ExpectationPattern().Matches(lines[i]))
            {
                yield return new Expectation(
                    i + 1,
                    Enum.Parse<ConfigurationSeverity>(match.Groups["severity"].Value, ignoreCase: true),
                    match.Groups["key"].Value,
                    match.Groups["words"].Value.Trim());
            }
        }
    }

    private static string FindDirectory()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Luminarys.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory!.FullName, "tests", "assets", "manifests");
    }

    [GeneratedRegex(@"#! (?<severity>error|warning) (?<key>\S*) \| (?<words>.*?)(?= #!|$)")]
    private static partial Regex ExpectationPattern();

    private sealed record Expectation(int Line, ConfigurationSeverity Severity, string Key, string Words);
}
