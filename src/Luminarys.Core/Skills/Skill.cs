using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Trust;

namespace Luminarys.Skills;

/// <summary>A deployed skill: what its package declares together with what its manifest decides about showing it.</summary>
/// <param name="Id">The manifest's id.</param>
/// <param name="Descriptor">What the package declares.</param>
/// <param name="Digest">Digest of the code.</param>
/// <param name="Description">Description after the manifest's override.</param>
/// <param name="Mcp">How the skill is shown to MCP clients.</param>
public sealed record Skill(SkillId Id, SkillDescriptor Descriptor, PackageDigest Digest, string Description, McpMapping Mcp)
{
    /// <summary>What the manifest says about single methods, by their names.</summary>
    public ImmutableDictionary<string, MethodSettings> MethodSettings { get; init; } = ImmutableDictionary<string, MethodSettings>.Empty;

    /// <summary>The key that signed its package; null for a bare module.</summary>
    public KeyId? Signer { get; init; }

    /// <summary>Whether the node that runs it trusts that key for this package.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>Whether running the method twice is as good as once.</summary>
    public bool IsIdempotent(string method) => MethodSettings.GetValueOrDefault(method)?.Idempotent == true;

    /// <summary>Whether MCP clients see and may call the method: visible in the package, exposed and not hidden by the manifest.</summary>
    public bool IsExposed(SkillMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.IsVisible && Mcp.Exposes(method.Name);
    }
}
