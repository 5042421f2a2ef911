using System.Collections.Immutable;
using Luminarys.Diagnostics;
using Luminarys.Manifests;
using Luminarys.Skills;

namespace Luminarys.Permissions;

/// <summary>
/// Compares what a package says it needs with what a manifest grants. A required pattern is taken as a text: a grant covers it when it is the same
/// pattern or matches that text.
/// </summary>
public static class RequirementCheck
{
    private const int MaxShown = 200;

    /// <summary>Checks every requirement.</summary>
    /// <param name="descriptor">What the package says.</param>
    /// <param name="manifest">What is granted.</param>
    /// <param name="hasLanguageModel">Whether this host has a language model.</param>
    public static RequirementReport Check(SkillDescriptor descriptor, Manifest manifest, bool hasLanguageModel)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(manifest);
        var rules = new RequirementRules(manifest, hasLanguageModel);
        var unmet = ImmutableArray.CreateBuilder<string>();
        var warnings = ImmutableArray.CreateBuilder<string>();
        foreach (var requirement in descriptor.Requirements.Distinct())
        {
            if (rules.Judge(requirement) is not { } verdict)
            {
                warnings.Add($"requirement '{Name(requirement)}' is of a kind that this host does not know; it was not checked");
            }
            else if (!verdict.IsAllowed)
            {
                unmet.Add(Visible($"requirement '{Name(requirement)}' is not met: {verdict.Rule}") + (verdict.Remedy.Length > 0 ? $"; write {Visible(verdict.Remedy)}" : ""));
            }
        }

        return new(unmet.ToImmutable(), warnings.ToImmutable());
    }

    // Packages are not trusted: their texts must neither forge lines of a log nor fill it.
    private static string Name(SkillRequirement requirement) =>
        Visible(string.Join(' ', new[] { requirement.Kind, requirement.Pattern, requirement.Mode }.Where(part => part.Length > 0)));

    private static string Visible(string text) => LogText.Visible(text, 2 * MaxShown);
}
