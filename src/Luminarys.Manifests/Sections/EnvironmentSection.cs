using System.Collections.Immutable;
using Luminarys.Manifests.Substitution;
using Luminarys.Manifests.Validation;
using Luminarys.Manifests.Yaml;

namespace Luminarys.Manifests.Sections;

/// <summary><c>env</c> and <c>secrets</c>. Values never reach a message.</summary>
internal static class EnvironmentSection
{
    public static ImmutableDictionary<string, string> Read(SectionReader root)
    {
        var environment = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (root.Section("env") is not { } env)
        {
            return environment.ToImmutable();
        }

        foreach (var (key, value) in env.Map.Entries)
        {
            env.Has(key.Text);
            if (IdRules.Variable(key.Text, out var name) is { } complaint)
            {
                root.Error(key, "env", $"{root.Problems.Quote(key)} {complaint}");
            }
            else if (value is YamlScalar scalar)
            {
                environment[name] = scalar.IsNull ? "" : scalar.Text;
            }
            else
            {
                env.Error(value, root.Problems.Name(key), $"must be a single value, not {value.Kind}");
            }
        }

        WarnUnset(root, env.Map);
        return environment.ToImmutable();
    }

    public static ImmutableArray<string> ReadSecrets(SectionReader root, ImmutableDictionary<string, string> environment)
    {
        if (!root.TryFind("secrets", out var node))
        {
            return [];
        }

        var secrets = ImmutableArray.CreateBuilder<string>();
        foreach (var scalar in root.Scalars(node, "secrets"))
        {
            secrets.Add(scalar.Text);
            if (!environment.ContainsKey(scalar.Text))
            {
                root.Warn(scalar, "secrets", $"{root.Problems.Quote(scalar)} is no key of env");
            }
        }

        return secrets.ToImmutable();
    }

    /// <summary>A variable that is not set leaves no trace in the tree, so it is found by its place in the text.</summary>
    private static void WarnUnset(SectionReader root, YamlMapping map)
    {
        var text = root.Problems.Text;
        foreach (var insertion in text.Insertions.Where(i => i.Kind == InsertionKind.Unset && i.Start >= map.Start && i.Start <= map.End))
        {
            var key = map.Entries.LastOrDefault(entry => entry.Key.Start <= insertion.Start).Key;
            var path = key is null ? "env" : $"env.{root.Problems.Name(key)}";
            root.Problems.AddAt(
                ConfigurationSeverity.Warning,
                text.LineAt(insertion.Start),
                path,
                $"the variable {insertion.Variable} is not set: the skill gets an empty text");
        }
    }
}
