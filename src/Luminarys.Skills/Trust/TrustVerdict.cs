namespace Luminarys.Skills.Trust;

/// <summary>Whether a package may load.</summary>
/// <param name="IsTrusted">Whether a known key vouches for it.</param>
/// <param name="Reason">Who vouches for it, or why nobody does and what to do.</param>
public sealed record TrustVerdict(bool IsTrusted, string Reason)
{
    /// <summary>Whether it must not load even where any key may sign: its key was revoked, or the record of its key cannot be read.</summary>
    public bool IsRefused { get; init; }
}
