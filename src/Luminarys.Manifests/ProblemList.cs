using System.Collections.Immutable;
using Luminarys.Manifests.Substitution;
using Luminarys.Manifests.Yaml;

namespace Luminarys.Manifests;

/// <summary>Gathers every problem of one file, in file order, without showing what came from a variable.</summary>
internal sealed class ProblemList(string file, SubstitutedText text, ConfigurationSeverity unknownKeys)
{
    private const int MaxProblems = 200;
    private const int MaxQuoted = 60;

    private readonly List<ConfigurationProblem> _problems = [];

    public string File => file;

    public SubstitutedText Text => text;

    public bool HasErrors { get; private set; }

    public void Error(YamlNode node, string key, string message) =>
        Error(node.Start, node is YamlMapping ? node.Start : node.End, key, message);

    /// <summary>Adds an error, unless the place holds a missing variable: that has been reported and caused this one.</summary>
    public void Error(int start, int end, string key, string message)
    {
        HasErrors = true;
        if (text.FindIn(start, end, InsertionKind.Missing) is null)
        {
            AddAt(ConfigurationSeverity.Error, text.LineAt(start), key, message);
        }
    }

    public void Warn(YamlNode node, string key, string message) =>
        AddAt(ConfigurationSeverity.Warning, text.LineAt(node.Start), key, message);

    public void UnknownKey(YamlNode node, string key, string message) =>
        AddAt(unknownKeys, text.LineAt(node.Start), key, message);

    public void AddAt(ConfigurationSeverity severity, int line, string key, string message)
    {
        HasErrors |= severity == ConfigurationSeverity.Error;
        _problems.Add(new ConfigurationProblem(severity, file, line, key, message));
    }

    /// <summary>A value for a message: its text, or the variable that it came from.</summary>
    public string Quote(YamlScalar scalar)
    {
        if (text.FindIn(scalar.Start, scalar.End, InsertionKind.Value) is { } insertion)
        {
            return $"the value from ${{{insertion.Variable}}}";
        }

        var shown = scalar.Text.Length <= MaxQuoted ? scalar.Text : $"{scalar.Text[..MaxQuoted]}…";
        return $"'{Printable(shown)}'";
    }

    /// <summary>A key for the dotted path of a problem.</summary>
    public string Name(YamlScalar key) => text.FindIn(key.Start, key.End, InsertionKind.Value) is { } insertion
        ? $"${{{insertion.Variable}}}"
        : Printable(key.Text.Length <= MaxQuoted ? key.Text : $"{key.Text[..MaxQuoted]}…");

    public ImmutableArray<ConfigurationProblem> ToImmutable()
    {
        var sorted = _problems.OrderBy(problem => problem.Line).ToList();
        if (sorted.Count > MaxProblems)
        {
            var left = sorted.Count - MaxProblems;
            sorted.RemoveRange(MaxProblems, left);
            sorted.Add(new ConfigurationProblem(
                HasErrors ? ConfigurationSeverity.Error : ConfigurationSeverity.Warning, file, 0, "", $"{left} more problems are not shown"));
        }

        return [.. sorted];
    }

    /// <summary>Control characters could forge lines of a log or terminal.</summary>
    public static string Printable(string value) =>
        value.Any(char.IsControl) ? string.Concat(value.Select(character => char.IsControl(character) ? '·' : character)) : value;
}
