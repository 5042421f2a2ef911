namespace Luminarys.Manifests.Configuration;

/// <summary>Which packages load (<c>skills_trust</c>).</summary>
public enum SkillsTrustRule
{
    /// <summary>Any package with a valid signature; a bare module with a warning.</summary>
    Any,

    /// <summary>Only packages signed with a key of the trust folder.</summary>
    Listed,
}
