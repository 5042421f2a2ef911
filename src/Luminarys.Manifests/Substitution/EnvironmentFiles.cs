using System.Collections.Immutable;

namespace Luminarys.Manifests.Substitution;

/// <summary>The <c>.env</c> files of one directory under the real environment.</summary>
internal static class EnvironmentFiles
{
    /// <summary>Later files win over earlier ones, and the real environment over both.</summary>
    public static ImmutableDictionary<string, string> Overlay(
        string directory, IReadOnlyDictionary<string, string> environment, ICollection<ConfigurationProblem> problems)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in (string[])[".env", ".env.local"])
        {
            var path = Path.Combine(directory, name);
            if (!File.Exists(path))
            {
                continue;
            }

            var (text, complaint) = InputFile.Read(path);
            if (text is null)
            {
                problems.Add(new ConfigurationProblem(ConfigurationSeverity.Error, path, 0, "", complaint ?? ""));
                continue;
            }

            foreach (var (line, message) in EnvironmentFile.Parse(text, entries))
            {
                problems.Add(new ConfigurationProblem(ConfigurationSeverity.Warning, path, line, "", message));
            }
        }

        foreach (var (name, value) in environment)
        {
            entries[name] = value;
        }

        return entries.ToImmutableDictionary(StringComparer.Ordinal);
    }
}
