namespace Luminarys.Manifests;

/// <summary>Whose values a skill sees in the key-value store: <c>kv</c> of the manifest.</summary>
public enum ValueSharing
{
    /// <summary>Its own only.</summary>
    Private,

    /// <summary>Those of all skills that share, under one set of keys.</summary>
    Shared,
}
