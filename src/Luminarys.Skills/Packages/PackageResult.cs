using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Skills.Packages;

/// <summary>A package, or why the bytes are none.</summary>
/// <param name="Package">The package; null when there is a fault.</param>
/// <param name="Fault">What is wrong and what to do; null when nothing is.</param>
public sealed record PackageResult(SkillPackage? Package, string? Fault)
{
    /// <summary>Whether there is a package.</summary>
    [MemberNotNullWhen(true, nameof(Package))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsSuccess => Package is not null;
}
