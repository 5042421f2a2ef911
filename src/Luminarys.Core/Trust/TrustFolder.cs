using System.Collections.Immutable;
using Luminarys.Manifests;

namespace Luminarys.Trust;

/// <summary>What a trust folder holds, as read: no signature has been checked.</summary>
/// <param name="Keys">Key records that could be read.</param>
/// <param name="Revocations">The list of revoked keys; null when there is none or it cannot be read.</param>
/// <param name="Problems">What could not be read, and what is doubtful.</param>
public sealed record TrustFolder(ImmutableArray<KeyRecord> Keys, RevocationList? Revocations, ImmutableArray<ConfigurationProblem> Problems)
{
    /// <summary>Keys whose records are there and cannot be read. What they sign is refused: the record may say that the key is revoked.</summary>
    public ImmutableArray<KeyId> BrokenKeys { get; init; } = [];

    /// <summary>Whether there is a list of revoked keys that cannot be read, or nobody can tell. Nothing loads then: any key may be revoked.</summary>
    public bool IsRevocationListBroken { get; init; }

    /// <summary>A folder that holds nothing.</summary>
    public static TrustFolder Empty { get; } = new([], null, []);
}
