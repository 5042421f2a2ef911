namespace Luminarys.Skills.Trust;

/// <summary>What keeps foreign packages out. All are on; a test switches one off to show that it would notice.</summary>
internal sealed record TrustDefences
{
    public static TrustDefences All { get; } = new();

    /// <summary>The signature of a package must be valid.</summary>
    public bool ChecksSignatures { get; init; } = true;

    /// <summary>The sections of a package must be those that were signed.</summary>
    public bool ChecksDigests { get; init; } = true;

    /// <summary>Nothing may follow the last section.</summary>
    public bool RefusesTrailingBytes { get; init; } = true;

    /// <summary>A file that should be a package must be one.</summary>
    public bool RefusesUnsigned { get; init; } = true;

    /// <summary>Where only listed keys may sign, the others may not.</summary>
    public bool RefusesUnknownKeys { get; init; } = true;

    /// <summary>A key signs only what its prefixes cover.</summary>
    public bool ChecksPrefixes { get; init; } = true;

    /// <summary>A key signs only in its time.</summary>
    public bool ChecksTimes { get; init; } = true;

    /// <summary>What a revoked key has signed does not load.</summary>
    public bool HeedsRevocations { get; init; } = true;

    /// <summary>A key whose record cannot be read may not sign.</summary>
    public bool RefusesBrokenRecords { get; init; } = true;

    /// <summary>The signature of a vouched record must be valid.</summary>
    public bool ChecksVouchers { get; init; } = true;

    /// <summary>Only a current delegate vouches.</summary>
    public bool ChecksDelegates { get; init; } = true;

    /// <summary>A delegate gives nothing that it has not.</summary>
    public bool BoundsPrefixes { get; init; } = true;

    /// <summary>Keys that vouch for each other are not trusted.</summary>
    public bool RefusesCircles { get; init; } = true;

    /// <summary>A list of revoked keys must be signed by an operator's delegate.</summary>
    public bool ChecksLists { get; init; } = true;

    /// <summary>Where a list is required it must be in date.</summary>
    public bool ChecksExpiry { get; init; } = true;

    /// <summary>A list that is older than one seen before is not used.</summary>
    public bool RefusesOlderLists { get; init; } = true;

    /// <summary>A package older than one that ran before does not load.</summary>
    public bool RefusesDowngrades { get; init; } = true;

    /// <summary>A pinned digest must match.</summary>
    public bool ChecksPins { get; init; } = true;

    /// <summary>Header and descriptor of a package must name the same package.</summary>
    public bool ComparesNames { get; init; } = true;

    /// <summary>What the module says of itself must be what was signed.</summary>
    public bool ComparesDescriptors { get; init; } = true;
}
