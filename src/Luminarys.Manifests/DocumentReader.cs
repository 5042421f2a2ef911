using System.Collections.Frozen;
using Luminarys.Manifests.Substitution;
using Luminarys.Manifests.Yaml;

namespace Luminarys.Manifests;

/// <summary>The way that both kinds of file share: bytes, substitution, YAML, sections.</summary>
internal sealed class DocumentReader(
    string workingDirectory,
    IReadOnlyDictionary<string, string> variables,
    ConfigurationSeverity unknownKeys,
    FrozenSet<string> upcoming)
{
    /// <summary>Reads a text. The result is null when it has an error; every problem is in the list.</summary>
    public (T? Value, ProblemList Problems) Read<T>(string name, string text, Func<SectionReader, T?> readRoot)
        where T : class
    {
        var substituted = new EnvironmentSubstitution(variables).Apply(text);
        var problems = new ProblemList(name, substituted, unknownKeys);
        foreach (var (line, message) in substituted.Failures)
        {
            problems.AddAt(ConfigurationSeverity.Error, line, "", message);
        }

        var value = YamlTreeReader.Read(substituted.Text, problems) is { } node ? ReadRoot(node, problems, readRoot) : null;
        return (problems.HasErrors ? null : value, problems);
    }

    private T? ReadRoot<T>(YamlNode node, ProblemList problems, Func<SectionReader, T?> readRoot)
        where T : class
    {
        var map = node is YamlScalar { IsNull: true } ? YamlMapping.Empty : node as YamlMapping;
        if (map is null)
        {
            problems.Error(node, "", $"the file must be a map of keys and values, not {node.Kind}");
            return null;
        }

        var root = new SectionReader(new SectionContext(problems, workingDirectory, upcoming), map, map, "");
        var value = readRoot(root);
        root.ReportUnknownKeys();
        return value;
    }
}
