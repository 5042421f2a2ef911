using Luminarys.Skills;
using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;

namespace Luminarys.Lmsk.Tests;

/// <summary>Packages with parts that no module would give.</summary>
internal static class Packages
{
    public static byte[] Of(SkillDescriptor descriptor, byte[] module) =>
        Of(new PackageContent(descriptor.Package, descriptor.Version, CanonicalDescriptor.Write(descriptor), module));

    public static byte[] Of(PackageContent content)
    {
        using var key = SigningKey.Create();
        return SkillPackageWriter.Write(content, key, TimeProvider.System.GetUtcNow());
    }
}
