using Luminarys.Skills;
using Luminarys.Skills.Packages;

namespace Luminarys.Lmsk;

/// <summary>What <c>lmsk info</c> shows.</summary>
/// <param name="File">The file as the author named it.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Descriptor">What it says of itself.</param>
/// <param name="ModuleDigest">Digest of the code.</param>
/// <param name="ModuleSize">Size of the code in bytes.</param>
/// <param name="Package">The package; null for a bare module.</param>
internal sealed record Inspected(string File, int Size, SkillDescriptor Descriptor, PackageDigest ModuleDigest, int ModuleSize, SkillPackage? Package)
{
    /// <summary>Lower-case name of a type, as annotations and schemas write it.</summary>
    public static string NameOf(SkillParameter parameter) => parameter.Items is { } items
        ? $"array of {NameOf(items)}"
        : TypeOf(parameter);

    /// <summary>The type alone.</summary>
    public static string TypeOf(SkillParameter parameter) => parameter.Type.ToString().ToLowerInvariant();

    /// <summary>The guest SDK's version; empty when it is unknown.</summary>
    public string SdkVersion => Descriptor.SdkVersion == 0
        ? ""
        : $"{Descriptor.SdkVersion >> 16}.{(Descriptor.SdkVersion >> 8) & 0xff}.{Descriptor.SdkVersion & 0xff}";
}
