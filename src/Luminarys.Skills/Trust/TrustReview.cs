using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>Judges a trust folder for a person who looks at it, as a host does that sees it for the first time.</summary>
public static class TrustReview
{
    /// <summary>The keys that count now; null with the reason why a host would load nothing.</summary>
    /// <param name="folder">What the folder holds.</param>
    /// <param name="now">The present.</param>
    /// <param name="isListRequired">Whether nothing may load without a list of revoked keys that is in date.</param>
    public static (TrustStore? Store, string? Refusal) Open(TrustFolder folder, DateTimeOffset now, bool isListRequired = false)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var verdict = RevocationCheck.Judge(folder, null, isListRequired, now, TrustDefences.All);
        return verdict.Refusal is { } refusal ? (null, refusal) : (new TrustStore(folder, verdict.Revoked), null);
    }
}
