using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Manifests;

/// <summary>Deployment intent for one skill, already validated.</summary>
/// <param name="Id">Id of the skill.</param>
/// <param name="Source">File the manifest came from, for messages; empty when it was made in code.</param>
/// <param name="PackagePath">Absolute path of the package or module.</param>
public sealed record Manifest(SkillId Id, string Source, string PackagePath)
{
    /// <summary>Replaces the package's description in listings; null keeps it.</summary>
    public string? Description { get; init; }

    /// <summary>What the skill may do.</summary>
    public PermissionSet Permissions { get; init; } = PermissionSet.None;

    /// <summary>Who may call whom.</summary>
    public InvokePolicy InvokePolicy { get; init; } = InvokePolicy.None;

    /// <summary>How the skill is shown to MCP clients.</summary>
    public McpMapping Mcp { get; init; } = McpMapping.Default;

    /// <summary>Limits of this skill that differ from the host's.</summary>
    public SkillLimits Limits { get; init; } = SkillLimits.Default;

    /// <summary>Expected digest of the package; null when the manifest does not pin one.</summary>
    public PackageDigest? Digest { get; init; }

    /// <summary>Whether a package of a lower version than one that ran before may load.</summary>
    public bool AllowDowngrade { get; init; }

    /// <summary>Keys of the environment whose values are secret and are kept out of logs.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>Whose values the skill sees in the key-value store.</summary>
    public ValueSharing Kv { get; init; } = ValueSharing.Private;

    /// <summary>What the manifest says about single methods, by method name.</summary>
    public ImmutableDictionary<string, MethodSettings> Methods { get; init; } = ImmutableDictionary<string, MethodSettings>.Empty;
}
