using System.Collections.Immutable;
using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>What follows from the list of revoked keys.</summary>
/// <param name="Revoked">Keys that are revoked.</param>
internal sealed record RevocationVerdict(ImmutableArray<KeyId> Revoked)
{
    /// <summary>Why nothing may load, and what to do; null when something may.</summary>
    public string? Refusal { get; init; }

    /// <summary>What is doubtful; null when nothing is.</summary>
    public string? Warning { get; init; }

    /// <summary>What to remember; null when nothing is new.</summary>
    public RevocationMark? Mark { get; init; }
}
