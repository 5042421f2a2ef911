namespace Luminarys.Manifests.Configuration;

/// <summary>Whether a list of revoked keys must be present (<c>trust.revocation</c>).</summary>
public enum RevocationRule
{
    /// <summary>A list is used when it is there.</summary>
    Optional,

    /// <summary>No skill loads without a list that is in date.</summary>
    Required,
}
