namespace Luminarys.Manifests.Configuration;

/// <summary>What an empty TCP allowlist means (<c>network.internal</c>).</summary>
public enum InternalNetworkRule
{
    /// <summary>Loopback and private addresses may be reached.</summary>
    Allow,

    /// <summary>They need an entry like any other address.</summary>
    Deny,
}
