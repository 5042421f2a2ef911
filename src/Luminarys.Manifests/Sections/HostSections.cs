using System.Collections.Immutable;
using Luminarys.Manifests.Configuration;
using Luminarys.Manifests.Validation;
using Luminarys.Manifests.Yaml;
using Microsoft.Extensions.Logging;

namespace Luminarys.Manifests.Sections;

/// <summary>The small sections of the host configuration.</summary>
internal static class HostSections
{
    public static readonly TimeSpan MinInvokeTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxInvokeTimeout = TimeSpan.FromMinutes(60);
    public const int MaxMemoryMegabytes = 4096;
    public const int MaxInstances = 64;
    private const int MinResult = 1024;
    private const int MaxResult = 16 * 1024 * 1024;

    public static RuntimeConfiguration ReadRuntime(SectionReader root)
    {
        var runtime = root.SectionOrEmpty("runtime");
        var defaults = new RuntimeConfiguration();
        return new RuntimeConfiguration
        {
            CacheDirectory = runtime.Text("cache_dir", PathRules.Absolute(root.WorkingDirectory)),
            MemoryLimitMegabytes = runtime.Value("memory_limit_mb", ScalarRules.Integer(1, MaxMemoryMegabytes), defaults.MemoryLimitMegabytes),
            InvokeTimeout = runtime.Value(
                "invoke_timeout", ScalarRules.Duration(MinInvokeTimeout, MaxInvokeTimeout), defaults.InvokeTimeout),
            MaxInstances = runtime.Value("max_instances", ScalarRules.Integer(1, MaxInstances), defaults.MaxInstances),
            AllowInsecureTls = runtime.Value<bool>("allow_insecure_tls", ScalarRules.Flag, false),
        };
    }

    public static LogConfiguration ReadLog(SectionReader root)
    {
        var log = root.SectionOrEmpty("log");
        return new LogConfiguration
        {
            Level = log.Value(
                "level",
                ScalarRules.Choice(
                    ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning), ("error", LogLevel.Error)),
                LogLevel.Information),
            Stderr = log.Value<bool>("stderr", ScalarRules.Flag, true),
            File = log.Text("file", PathRules.Absolute(root.WorkingDirectory)),
            SkillLog = log.Value<bool>("skill_log", ScalarRules.Flag, false),
        };
    }

    public static McpConfiguration ReadMcp(SectionReader root)
    {
        var mcp = root.SectionOrEmpty("mcp");
        return new McpConfiguration
        {
            ToolNames = mcp.Value(
                "tool_names", ScalarRules.Choice(("default", ToolNameStyle.Default), ("upstream", ToolNameStyle.Upstream)), ToolNameStyle.Default),
            LegacySse = mcp.Value<bool>("legacy_sse", ScalarRules.Flag, false),
            MaxResultBytes = mcp.Value("max_result_bytes", ScalarRules.Integer(MinResult, MaxResult), new McpConfiguration().MaxResultBytes),
            PinFile = mcp.Text("pins", PathRules.Absolute(root.WorkingDirectory)),
        };
    }

    public static string? ReadDatabase(SectionReader root, string directory) =>
        root.SectionOrEmpty("db").Text("path", PathRules.Absolute(root.WorkingDirectory)) ?? Path.Combine(directory, "luminarys.db");

    public static InternalNetworkRule ReadNetwork(SectionReader root) => root.SectionOrEmpty("network").Value(
        "internal", ScalarRules.Choice(("allow", InternalNetworkRule.Allow), ("deny", InternalNetworkRule.Deny)), InternalNetworkRule.Allow);

    public static ShellConfiguration ReadShell(SectionReader root)
    {
        var shell = root.SectionOrEmpty("shell");
        var path = shell.Value<string[]?>("path", PathRules.SearchPath!, null);
        return new ShellConfiguration
        {
            Path = path is null ? new ShellConfiguration().Path : [.. path],
            Isolation = shell.Value(
                "isolation",
                ScalarRules.Choice(
                    ("auto", ShellIsolation.Automatic),
                    ("none", ShellIsolation.None),
                    ("landlock", ShellIsolation.Landlock),
                    ("namespace", ShellIsolation.Namespace)),
                ShellIsolation.Automatic),
        };
    }

    public static FileSystemConfiguration ReadFileSystem(SectionReader root)
    {
        var fs = root.SectionOrEmpty("fs");
        return new FileSystemConfiguration
        {
            Durability = fs.Value("durability", ScalarRules.Choice(("full", FileDurability.Full), ("fast", FileDurability.Fast)), FileDurability.Full),
            AllowHardLinks = fs.Value<bool>("allow_hardlinks", ScalarRules.Flag, true),
            UnsafePaths = fs.Value<bool>("unsafe_paths", ScalarRules.Flag, false),
        };
    }

    public static ArchiveLinkRule ReadArchive(SectionReader root) => root.SectionOrEmpty("archive").Value(
        "links", ScalarRules.Choice(("error", ArchiveLinkRule.Error), ("skip", ArchiveLinkRule.Skip)), ArchiveLinkRule.Error);

    public static TrustConfiguration ReadTrust(SectionReader root, string directory)
    {
        var trust = root.SectionOrEmpty("trust");
        return new TrustConfiguration
        {
            Skills = root.Value(
                "skills_trust", ScalarRules.Choice(("any", SkillsTrustRule.Any), ("listed", SkillsTrustRule.Listed)), SkillsTrustRule.Any),
            Directory = trust.Text("dir", PathRules.Absolute(root.WorkingDirectory)) ?? Path.Combine(directory, "trust"),
            Revocation = trust.Value(
                "revocation", ScalarRules.Choice(("optional", RevocationRule.Optional), ("required", RevocationRule.Required)), RevocationRule.Optional),
        };
    }

    public static ImmutableArray<string> ReadSkills(SectionReader root)
    {
        if (!root.TryFind("skills", out var node))
        {
            return [];
        }

        var paths = ImmutableArray.CreateBuilder<string>();
        foreach (var scalar in root.Scalars(node, "skills"))
        {
            if (scalar.IsNull || scalar.Text.Length == 0)
            {
                root.Error(scalar, "skills", "an entry is empty: write the path of a manifest");
            }
            else if (PathRules.Manifest(scalar.Text, out var path) is { } complaint)
            {
                root.Error(scalar, "skills", $"{root.Problems.Quote(scalar)} {complaint}");
            }
            else if (!ManifestPaths.IsPattern(path))
            {
                paths.Add(path);
            }
            else if (ManifestPaths.Expand(path, root.WorkingDirectory) is { Length: > 0 } matches)
            {
                paths.AddRange(matches.Except(paths, StringComparer.Ordinal));
            }
            else
            {
                root.Warn(scalar, "skills", $"{root.Problems.Quote(scalar)} matches no file");
            }
        }

        return paths.ToImmutable();
    }
}
