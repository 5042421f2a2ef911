using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Skills;

namespace Luminarys.Permissions;

/// <summary>The grants of one manifest, compiled for the comparison with requirements.</summary>
internal sealed class RequirementRules(Manifest manifest, bool hasLanguageModel)
{
    private readonly PermissionSet _permissions = manifest.Permissions;
    private readonly DirectoryRules _directories = DirectoryRules.Compile(manifest.Permissions.Directories, []);
    private readonly TextGrants _urls = new("permissions.http.allowlist", manifest.Permissions.Http?.Allowlist ?? []);
    private readonly TextGrants _endpoints = new("permissions.tcp.allowlist", manifest.Permissions.Tcp?.Allowlist ?? []);
    private readonly TextGrants _commands = new("permissions.shell.allowlist", WithBareCommands(manifest.Permissions.Shell?.Allowlist ?? []));
    private readonly TextGrants _targets = new("invoke_policy.can_invoke", manifest.InvokePolicy.CanInvoke);

    /// <summary>Whether a requirement is met; null when its kind is unknown.</summary>
    public Verdict? Judge(SkillRequirement requirement) => requirement.Kind switch
    {
        "fs" => JudgeDirectory(requirement),
        "http" => JudgeUrl(requirement.Pattern),
        "ws" => JudgeWebSocket(requirement.Pattern),
        "tcp" => _permissions.Tcp is null ? Disabled("tcp", requirement.Pattern) : _endpoints.Judge(requirement.Pattern),
        "shell" => _permissions.Shell is null ? Disabled("shell", requirement.Pattern) : _commands.Judge(requirement.Pattern),
        "env" => EnvironmentRules.Judge(_permissions, requirement.Pattern),
        "invoke" => _targets.Judge(requirement.Pattern),
        "llm" => hasLanguageModel ? Verdict.Allow("this host has a language model") : Verdict.Deny("this host has no language model", ""),
        _ => null,
    };

    private static Verdict Disabled(string capability, string pattern) =>
        Verdict.Deny($"permissions.{capability} is not enabled", $"permissions.{capability}: {{ enabled: true, allowlist: [\"{pattern}\"] }}");

    private Verdict JudgeUrl(string pattern) => _permissions.Http is null ? Disabled("http", pattern) : _urls.Judge(pattern);

    // Grants are written with the schemes of HTTP; requirements may use either.
    private Verdict JudgeWebSocket(string pattern)
    {
        var url = pattern.StartsWith("ws:", StringComparison.Ordinal) || pattern.StartsWith("wss:", StringComparison.Ordinal) ? $"http{pattern[2..]}" : pattern;
        var verdict = JudgeUrl(pattern) is { IsAllowed: true } same ? same : JudgeUrl(url);
        return verdict.IsAllowed && !_permissions.Http!.AllowWebSocket
            ? Verdict.Deny("permissions.http.allow_websocket: false", "permissions.http.allow_websocket: true")
            : verdict;
    }

    private Verdict JudgeDirectory(SkillRequirement requirement)
    {
        var (pattern, mode) = requirement switch
        {
            { Mode: "rw" } => (requirement.Pattern, AccessMode.ReadWrite),
            { Mode: "", Pattern: [.. var head, ':', 'r', 'w'] } => (head, AccessMode.ReadWrite),
            { Mode: "", Pattern: [.. var head, ':', 'r', 'o'] } => (head, AccessMode.ReadOnly),
            _ => (requirement.Pattern, AccessMode.ReadOnly),
        };
        var path = WithoutTail(pattern);
        if (!DirectoryPath.TryNormalize(path, out var normalized, out var fault))
        {
            return Verdict.Deny($"its path {fault}", "");
        }

        if (_directories.Judge(normalized, mode) is { IsAllowed: true } met)
        {
            return met;
        }

        var entry = $"{path}:{(mode == AccessMode.ReadWrite ? "rw" : "ro")}";
        return _permissions.Directories.FirstOrDefault(grant => WithoutTail(grant.Pattern) == path && grant.Mode >= mode) is { } same
            ? Verdict.Allow($"permissions.fs.dirs: {same.Pattern}")
            : Verdict.Deny("nothing in permissions.fs.dirs covers it", $"permissions.fs.dirs: [\"{entry}\"]");
    }

    // "git **" also grants the command without arguments.
    private static ImmutableArray<string> WithBareCommands(ImmutableArray<string> patterns) =>
        [.. patterns, .. patterns.Where(pattern => pattern.EndsWith(" **", StringComparison.Ordinal)).Select(pattern => pattern[..^3])];

    private static string WithoutTail(string pattern)
    {
        while (pattern.Length > 1 && (pattern.EndsWith("/**", StringComparison.Ordinal) || pattern.EndsWith('/')))
        {
            pattern = pattern[..^(pattern.EndsWith('/') ? 1 : 3)];
        }

        return pattern is "" or "**" ? "/" : pattern;
    }
}
