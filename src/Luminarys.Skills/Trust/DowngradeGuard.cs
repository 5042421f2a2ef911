using Luminarys.Skills.Packages;

namespace Luminarys.Skills.Trust;

/// <summary>Knows whether a package is older than the highest version of it that ran before. What has no order stands below all that has.</summary>
internal static class DowngradeGuard
{
    /// <summary>Name of the mark that holds the highest version, for each key and package.</summary>
    public static string MarkOf(SkillPackage package) => $"package.version:{package.Key}:{package.Content.Id}";

    /// <summary>Why a version is a step back, and what to do; null when it is not.</summary>
    /// <param name="version">The package's version.</param>
    /// <param name="highest">The highest one that ran before; null for none.</param>
    public static string? FindFault(string version, string? highest)
    {
        if (highest is null || version == highest)
        {
            return null;
        }

        var isOrdered = SemanticVersion.TryParse(version, out var now);
        var wasOrdered = SemanticVersion.TryParse(highest, out var before);
        return (isOrdered, wasOrdered) switch
        {
            (true, true) => now!.CompareTo(before) >= 0 ? null : $"its version {version} is lower than {highest}, which ran here before; {Advice}",
            (true, false) => null,
            _ => $"its version '{version}' cannot be compared with '{highest}', which ran here before; give it a version such as 1.2.0, or {Advice}",
        };
    }

    /// <summary>Whether a version is to be remembered.</summary>
    public static bool IsHigher(string version, string? highest) =>
        highest is null
        || (SemanticVersion.TryParse(version, out var now) && (!SemanticVersion.TryParse(highest, out var before) || now.CompareTo(before) > 0));

    private const string Advice = "install a newer package, or set allow_downgrade: true in the manifest";
}
