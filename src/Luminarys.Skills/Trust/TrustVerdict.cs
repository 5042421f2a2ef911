namespace Luminarys.Skills.Trust;

/// <summary>Whether a package may load.</summary>
/// <param name="IsTrusted">Whether a known key vouches for it.</param>
/// <param name="Reason">Who vouches for it, or why nobody does and what to do.</param>
public sealed record TrustVerdict(bool IsTrusted, string Reason);
