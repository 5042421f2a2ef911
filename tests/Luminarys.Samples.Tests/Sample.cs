using Luminarys.Skills.Authoring;

namespace Luminarys.Samples;

/// <summary>One folder of <c>samples/skills</c>.</summary>
internal sealed class Sample(string name)
{
    /// <summary>Root of the repository: manifests of the samples name their modules from there.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Names of all samples.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Path.Combine(Root, "samples", "skills"), "asconfig.json", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))
            .Order(StringComparer.Ordinal);

    /// <summary>Name of the folder, and of the module in it.</summary>
    public string Name { get; } = name;

    /// <summary>The committed module.</summary>
    public string Module => File($"{Name}.wasm");

    /// <summary>A file of the sample.</summary>
    public string File(string relative) => Path.Combine(Root, "samples", "skills", Name, relative);

    /// <summary>What the annotations of the source say.</summary>
    public AuthoringResult ReadSource()
    {
        var source = File("assembly/skill.ts");
        return AnnotationParser.Read(SkillLanguage.AssemblyScript, [new SourceFile(source, System.IO.File.ReadAllText(source))]);
    }

    /// <summary>Puts what a host loads into a folder and answers its path: the committed module, signed.</summary>
    public async Task<string> PlacePackageAsync(string folder)
    {
        var place = Path.Combine(folder, $"{Name}.skill");
        await System.IO.File.WriteAllBytesAsync(place, await SampleSigner.SignAsync(Module));
        return place;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Luminarys.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Luminarys.sln");
    }
}
