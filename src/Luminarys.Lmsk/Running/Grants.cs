using System.Text;
using System.Text.Json;
using Luminarys.Manifests;

namespace Luminarys.Lmsk.Running;

/// <summary>
/// What <c>--allow</c> grants. It is written as a manifest and read like one, so that the same rules and the same complaints apply.
/// </summary>
internal static class Grants
{
    /// <summary>Forms of <c>--allow</c>, for the help.</summary>
    public const string Forms = "fs:/data:rw http:https://… ws:wss://… tcp:host:port shell:'git **' env:KEY=VALUE invoke:skill";

    private static readonly string[] s_kinds = ["fs", "http", "ws", "tcp", "shell", "env", "invoke"];

    /// <summary>Writes the manifest; answers what is wrong with the first grant that is not one.</summary>
    public static string? Write(IReadOnlyList<string> grants, string module, out string manifest)
    {
        var groups = s_kinds.ToDictionary(kind => kind, _ => new List<string>(), StringComparer.Ordinal);
        manifest = "";
        foreach (var grant in grants)
        {
            var colon = grant.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !groups.TryGetValue(grant[..colon], out var group) || colon == grant.Length - 1
                || (grant[..colon] == "env" && !grant.Contains('=', StringComparison.Ordinal)))
            {
                return $"--allow {grant}: use one of {Forms}";
            }

            group.Add(grant[(colon + 1)..]);
        }

        manifest = Format(groups, module);
        return null;
    }

    private static string Format(Dictionary<string, List<string>> groups, string module)
    {
        var yaml = new StringBuilder($"id: run\npath: {Quote(module)}\n");
        string[] urls = [.. groups["http"], .. groups["ws"].Select(AsHttp)];
        string[] sections =
        [
            .. Section("fs", "dirs", groups["fs"]),
            .. Section("http", "allowlist", urls, groups["ws"].Count > 0 ? ", allow_websocket: true" : ""),
            .. Section("tcp", "allowlist", groups["tcp"]),
            .. Section("shell", "allowlist", groups["shell"]),
        ];
        yaml.Append("permissions: {").AppendJoin(", ", sections).Append("}\n");
        yaml.Append("env: {").AppendJoin(", ", groups["env"].Select(Variable)).Append("}\n");
        yaml.Append("invoke_policy: { can_invoke: [").AppendJoin(", ", groups["invoke"].Select(Quote)).Append("] }\n");
        return yaml.ToString();
    }

    private static string[] Section(string name, string key, IReadOnlyCollection<string> entries, string more = "") =>
        entries.Count == 0 ? [] : [$"{name}: {{ enabled: true, {key}: [{string.Join(", ", entries.Select(Quote))}]{more} }}"];

    private static string Variable(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return $"{Quote(text[..equals])}: {Quote(text[(equals + 1)..])}";
    }

    // Grants are written with the schemes of HTTP.
    private static string AsHttp(string pattern) =>
        pattern.StartsWith("ws:", StringComparison.Ordinal) || pattern.StartsWith("wss:", StringComparison.Ordinal) ? $"http{pattern[2..]}" : pattern;

    // JSON texts are YAML texts. A manifest replaces ${NAME} by a variable; here the shell has done that.
    private static string Quote(string text) => JsonSerializer.Serialize(text).Replace("$", "$$", StringComparison.Ordinal);
}
