namespace Luminarys.Trust;

/// <summary>What the operator says of a key.</summary>
public enum KeyStatus
{
    /// <summary>It may sign.</summary>
    Active,

    /// <summary>It may not sign any more; what it signed before its end of validity still loads.</summary>
    Retired,

    /// <summary>Nothing it ever signed is trusted.</summary>
    Revoked,
}
