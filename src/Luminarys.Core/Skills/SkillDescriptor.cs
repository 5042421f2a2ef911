using System.Collections.Immutable;

namespace Luminarys.Skills;

/// <summary>What a package says about itself.</summary>
/// <param name="Package">Reverse-domain name of the package.</param>
/// <param name="Name">Name for people; may be empty.</param>
/// <param name="Version">Version of the package; may be empty.</param>
/// <param name="Description">Text for people; may be empty.</param>
/// <param name="Methods">Methods in the package's order, names unique.</param>
/// <param name="Requirements">Permissions that the package says it needs.</param>
/// <param name="SdkVersion">Guest SDK version as <c>major &lt;&lt; 16 | minor &lt;&lt; 8 | patch</c>; 0 when unknown.</param>
public sealed record SkillDescriptor(
    PackageId Package,
    string Name,
    string Version,
    string Description,
    ImmutableArray<SkillMethod> Methods,
    ImmutableArray<SkillRequirement> Requirements,
    int SdkVersion)
{
    /// <summary>Finds a method by its name; null when there is none.</summary>
    public SkillMethod? FindMethod(string name)
    {
        foreach (var method in Methods)
        {
            if (string.Equals(method.Name, name, StringComparison.Ordinal))
            {
                return method;
            }
        }

        return null;
    }
}
