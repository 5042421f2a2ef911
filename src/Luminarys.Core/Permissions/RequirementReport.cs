using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>How the requirements of a package compare with a manifest.</summary>
/// <param name="Unmet">One text for each requirement that the manifest does not grant, with the line that would. A skill with any does not load.</param>
/// <param name="Warnings">One text for each requirement that this host cannot judge.</param>
public sealed record RequirementReport(ImmutableArray<string> Unmet, ImmutableArray<string> Warnings)
{
    /// <summary>Whether the skill may load.</summary>
    public bool IsMet => Unmet.IsEmpty;
}
