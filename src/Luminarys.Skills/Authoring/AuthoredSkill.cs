using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary>What the annotations of a skill's source say.</summary>
/// <param name="Id">Package id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Version">Version.</param>
/// <param name="Description">Text for people and models; may be empty.</param>
/// <param name="SdkPackage">Module that AssemblyScript imports the SDK from.</param>
/// <param name="Requirements">What it needs.</param>
/// <param name="Methods">Its methods, in source order.</param>
public sealed record AuthoredSkill(
    string Id,
    string Name,
    string Version,
    string Description,
    string SdkPackage,
    ImmutableArray<SkillRequirement> Requirements,
    ImmutableArray<AuthoredMethod> Methods);
