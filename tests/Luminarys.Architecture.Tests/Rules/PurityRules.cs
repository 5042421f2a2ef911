using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Luminarys.Architecture.Tests.Rules;

/// <summary>The domain references nothing but the base class library.</summary>
internal static class PurityRules
{
    /// <summary>Names of the assemblies in the folder of the base class library. ASP.NET Core and Microsoft.Extensions are another framework in another folder.</summary>
    public static IReadOnlySet<string> BaseClassLibrary { get; } = Directory
        .EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
        .Select(path => Path.GetFileNameWithoutExtension(path)!)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the assemblies that an assembly file references.</summary>
    public static IReadOnlyList<string> ReferencesOf(string assemblyFile)
    {
        using var file = new PEReader(File.OpenRead(assemblyFile));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>Referenced assemblies that are not of the base class library.</summary>
    public static IEnumerable<string> ForeignReferences(string assemblyFile) =>
        from reference in ReferencesOf(assemblyFile)
        where !BaseClassLibrary.Contains(reference)
        select $"{Path.GetFileName(assemblyFile)} references {reference}.";
}
