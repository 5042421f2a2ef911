using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk;

/// <summary>Finds the annotated source below the folder that an author names.</summary>
internal static class SourceFinder
{
    /// <summary>The sources; null when there are none.</summary>
    public static SkillSources? Find(SkillLanguage language, string directory) => language switch
    {
        SkillLanguage.AssemblyScript => FindFile(directory, "skill.ts", "assembly"),
        SkillLanguage.Rust => FindFile(directory, "skill.rs", "src"),
        _ => FindGo(directory),
    };

    /// <summary>What to say when there are none.</summary>
    public static string Explain(SkillLanguage language, string directory) => language switch
    {
        SkillLanguage.AssemblyScript => $"{directory}: there is no skill.ts here or in assembly/",
        SkillLanguage.Rust => $"{directory}: there is no skill.rs here or in src/",
        _ => $"{directory}: there is no Go file here",
    };

    /// <summary>Name of the file that is written.</summary>
    public static string OutputOf(SkillLanguage language) => language switch
    {
        SkillLanguage.AssemblyScript => "lib.ts",
        SkillLanguage.Rust => "lib.rs",
        _ => "main.go",
    };

    private static SkillSources? FindFile(string directory, string name, string subdirectory)
    {
        foreach (var place in new[] { directory, Path.Combine(directory, subdirectory) })
        {
            var file = Path.Combine(place, name);
            if (File.Exists(file))
            {
                return new([Read(file)], place);
            }
        }

        return null;
    }

    private static SkillSources? FindGo(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return null;
        }

        var files = Directory.EnumerateFiles(directory, "*.go")
            .Where(file => !file.EndsWith("_test.go", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read)
            .Where(file => !file.Text.StartsWith(SkillEmitter.Marker, StringComparison.Ordinal))
            .ToArray();
        return files.Length > 0 ? new(files, directory) : null;
    }

    private static SourceFile Read(string file) => new(file, File.ReadAllText(file));
}
