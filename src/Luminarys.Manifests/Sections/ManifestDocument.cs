using System.Collections.Immutable;
using Luminarys.Manifests.Validation;
using Luminarys.Manifests.Yaml;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Manifests.Sections;

/// <summary>The whole manifest of one skill.</summary>
internal static class ManifestDocument
{
    public static Manifest? Read(SectionReader root)
    {
        var id = root.Optional<SkillId>("id", IdRules.Skill);
        root.ReportMissing("id", "name the skill: a letter, then letters, digits or '-'");
        var path = root.Text("path", PathRules.Absolute(root.WorkingDirectory));
        root.ReportMissing("path", "write the path of the skill's package");
        var environment = EnvironmentSection.Read(root);
        var manifest = new Manifest(id ?? default, root.Problems.File, path ?? "")
        {
            Description = root.Text("description"),
            Permissions = PermissionsSection.Read(root) with { Environment = environment },
            InvokePolicy = ReadInvokePolicy(root),
            Mcp = ReadMcp(root),
            Limits = ReadLimits(root),
            Methods = ReadMethods(root),
            Digest = root.Text("sha256", DigestRules.Sha256) is { } digest ? new PackageDigest(digest) : null,
            AllowDowngrade = root.Value<bool>("allow_downgrade", ScalarRules.Flag, false),
            Secrets = EnvironmentSection.ReadSecrets(root, environment),
            Kv = root.Value("kv", ScalarRules.Choice(("private", ValueSharing.Private), ("shared", ValueSharing.Shared)), ValueSharing.Private),
        };
        return id is null || path is null ? null : manifest;
    }

    private static InvokePolicy ReadInvokePolicy(SectionReader root)
    {
        var policy = root.SectionOrEmpty("invoke_policy");
        return new InvokePolicy(
            policy.List<string>("can_invoke", IdRules.SkillPattern) ?? [],
            policy.List<string>("can_be_invoked_by", IdRules.SkillPattern) ?? []);
    }

    private static McpMapping ReadMcp(SectionReader root)
    {
        var mcp = root.SectionOrEmpty("mcp");
        var kind = mcp.Value(
            "mapping",
            ScalarRules.Choice(("per_method", McpMappingKind.PerMethod), ("per_skill", McpMappingKind.PerSkill)),
            McpMappingKind.PerMethod);
        var hidden = mcp.List<string>("hidden_methods", IdRules.Method) ?? [];
        var exposed = mcp.List<string>("exposed_methods", IdRules.Method);
        return new McpMapping(kind, hidden, exposed) { Scopes = mcp.List<string>("scopes", ScalarRules.Scope) ?? [] };
    }

    private static SkillLimits ReadLimits(SectionReader root)
    {
        const int MaxConcurrency = 1024;
        const int MaxRate = 1_000_000;
        var limits = root.SectionOrEmpty("limits");
        return new SkillLimits(
            limits.Optional("concurrency", ScalarRules.Integer(1, MaxConcurrency)),
            limits.Optional("rate_per_minute", ScalarRules.Integer(1, MaxRate)),
            limits.Optional("memory_mb", ScalarRules.Integer(1, HostSections.MaxMemoryMegabytes)),
            limits.Optional("instances", ScalarRules.Integer(1, HostSections.MaxInstances)),
            limits.Optional("timeout", ScalarRules.Duration(HostSections.MinInvokeTimeout, HostSections.MaxInvokeTimeout)));
    }

    private static ImmutableDictionary<string, MethodSettings> ReadMethods(SectionReader root)
    {
        var methods = ImmutableDictionary.CreateBuilder<string, MethodSettings>(StringComparer.Ordinal);
        if (root.Section("methods") is not { } section)
        {
            return methods.ToImmutable();
        }

        foreach (var (key, _) in section.Map.Entries)
        {
            if (IdRules.Method(key.Text, out var name) is { } complaint)
            {
                root.Error(key, "methods", $"{root.Problems.Quote(key)} {complaint}");
            }

            var method = section.Section(name)!;
            methods[name] = new MethodSettings(
                method.Optional<bool>("idempotent", ScalarRules.Flag),
                method.Optional<bool>("read_only", ScalarRules.Flag),
                method.Optional<bool>("destructive", ScalarRules.Flag),
                method.Optional<bool>("open_world", ScalarRules.Flag),
                method.Text("title"));
        }

        return methods.ToImmutable();
    }
}
