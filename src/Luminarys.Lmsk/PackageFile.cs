using System.Diagnostics.CodeAnalysis;
using Luminarys.Skills;
using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Packages;

namespace Luminarys.Lmsk;

/// <summary>A package file whose signature is valid and whose parts agree.</summary>
/// <param name="Package">What was signed.</param>
/// <param name="Descriptor">What it says of itself.</param>
/// <param name="Warnings">What is doubtful.</param>
internal sealed record PackageFile(SkillPackage Package, SkillDescriptor Descriptor, IReadOnlyList<string> Warnings)
{
    /// <summary>Opens a package, or says what is wrong with it. Nothing of it is executed.</summary>
    public static bool TryOpen(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out PackageFile? file, [NotNullWhen(false)] out string? fault)
    {
        (file, fault) = (null, null);
        var result = SkillPackageReader.Read(bytes);
        if (!result.IsSuccess)
        {
            fault = result.Fault;
            return false;
        }

        var (content, warnings) = (result.Package.Content, new List<string>());
        if (!DescriptorCodec.TryRead(content.Descriptor, warnings, out var descriptor, out var malformed))
        {
            fault = $"its descriptor is malformed ({malformed}), although it is signed; sign it with lmsk";
            return false;
        }

        if (descriptor.Package != content.Id || descriptor.Version != content.Version)
        {
            fault = "its header and its descriptor name different packages, although it is signed; sign it with lmsk";
            return false;
        }

        if (!content.Descriptor.Span.SequenceEqual(CanonicalDescriptor.Write(descriptor)))
        {
            warnings.Add("its descriptor is not in canonical form; sign it with lmsk of this version");
        }

        file = new(result.Package, descriptor, warnings);
        return true;
    }
}
