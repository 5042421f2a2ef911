using Luminarys.Skills.Authoring;

namespace Luminarys.Skills.Tests.Authoring;

/// <summary>
/// Golden files. Set LUMINARYS_WRITE_GOLDENS to the folder tests/assets of the repository to write them anew; then read the difference.
/// </summary>
public sealed class SkillEmitterTests
{
    [Theory]
    [InlineData(SkillLanguage.AssemblyScript, "as/skill.ts", "as/lib.ts")]
    [InlineData(SkillLanguage.Go, "go/skill.go", "go/main.go")]
    [InlineData(SkillLanguage.Rust, "rust/skill.rs", "rust/lib.rs")]
    public void Emit_EveryForm_IsTheGoldenFile(SkillLanguage language, string source, string golden)
    {
        var result = AnnotationParser.Read(language, [new SourceFile(source, File.ReadAllText(PathOf(source)))]);

        Assert.Empty(result.Problems);
        var text = SkillEmitter.Emit(language, result.Skill!);
        if (Environment.GetEnvironmentVariable("LUMINARYS_WRITE_GOLDENS") is { } assets)
        {
            File.WriteAllText(Path.Combine(assets, "authoring", golden), text);
        }

        Assert.Equal(File.ReadAllText(PathOf(golden)), text);
        Assert.StartsWith(SkillEmitter.Marker, text, StringComparison.Ordinal);
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "assets", "authoring", name);
}
