namespace Luminarys.Manifests.Configuration;

/// <summary>Keys that may sign skills (<c>trust</c> and <c>skills_trust</c>).</summary>
public sealed record TrustConfiguration
{
    /// <summary>Which packages load.</summary>
    public SkillsTrustRule Skills { get; init; }

    /// <summary>Absolute path of the folder of key records; null without a configuration file.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether a list of revoked keys must be present.</summary>
    public RevocationRule Revocation { get; init; }
}
