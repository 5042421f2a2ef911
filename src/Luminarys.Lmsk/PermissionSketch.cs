using Luminarys.Skills;

namespace Luminarys.Lmsk;

/// <summary>What a manifest must grant a package, as YAML to paste and then to narrow.</summary>
internal static class PermissionSketch
{
    public static IEnumerable<string> Write(IReadOnlyCollection<SkillRequirement> requirements)
    {
        var sections = Permissions(requirements).ToArray();
        if (sections.Length == 0)
        {
            yield return "permissions: {}";
        }
        else
        {
            yield return "permissions:";
        }

        foreach (var section in sections)
        {
            yield return $"  {section}";
        }

        var variables = Of(requirements, "env");
        if (variables.Length > 0)
        {
            yield return $"env: {{ {string.Join(", ", variables.Select(variable => $"{YamlText.Quote(variable)}: \"\""))} }}";
        }

        var targets = Of(requirements, "invoke");
        if (targets.Length > 0)
        {
            yield return $"invoke_policy: {{ can_invoke: {YamlText.List(targets)} }}";
        }

        if (requirements.Any(requirement => requirement.Kind == "llm"))
        {
            yield return "# The host must have a language model.";
        }
    }

    private static IEnumerable<string> Permissions(IReadOnlyCollection<SkillRequirement> requirements)
    {
        var directories = requirements.Where(requirement => requirement.Kind == "fs").Select(DirectoryOf).Distinct(StringComparer.Ordinal).ToArray();
        if (directories.Length > 0)
        {
            yield return $"fs: {{ enabled: true, dirs: {YamlText.List(directories)} }}";
        }

        var sockets = Of(requirements, "ws").Select(AsHttp);
        var urls = Of(requirements, "http").Concat(sockets).Distinct(StringComparer.Ordinal).ToArray();
        if (urls.Length > 0)
        {
            var webSocket = requirements.Any(requirement => requirement.Kind == "ws") ? ", allow_websocket: true" : "";
            yield return $"http: {{ enabled: true, allowlist: {YamlText.List(urls)}{webSocket} }}";
        }

        foreach (var kind in new[] { "tcp", "shell" })
        {
            var patterns = Of(requirements, kind);
            if (patterns.Length > 0)
            {
                yield return $"{kind}: {{ enabled: true, allowlist: {YamlText.List(patterns)} }}";
            }
        }
    }

    private static string DirectoryOf(SkillRequirement requirement) => requirement switch
    {
        { Mode: "ro" or "rw" } => $"{requirement.Pattern}:{requirement.Mode}",
        { Pattern: [.., ':', 'r', 'o' or 'w'] } => requirement.Pattern,
        _ => $"{requirement.Pattern}:ro",
    };

    // Grants are written with the schemes of HTTP.
    private static string AsHttp(string pattern) =>
        pattern.StartsWith("ws:", StringComparison.Ordinal) || pattern.StartsWith("wss:", StringComparison.Ordinal) ? $"http{pattern[2..]}" : pattern;

    private static string[] Of(IEnumerable<SkillRequirement> requirements, string kind) =>
        [.. requirements.Where(requirement => requirement.Kind == kind).Select(requirement => requirement.Pattern).Distinct(StringComparer.Ordinal)];
}
