namespace Luminarys.Lmsk.Tests.Scaffolding;

public sealed class NewCommandTests
{
    [Theory]
    [InlineData("go")]
    [InlineData("rust")]
    public async Task New_LanguageWithoutToolchainHere_IsTheGoldenProject(string language)
    {
        using var bench = new Workbench();

        await bench.DoAsync("new", "word-tools", "-lang", language);
        await bench.DoAsync("generate", "-lang", language, "word-tools");

        var golden = Path.Combine(AppContext.BaseDirectory, "assets", "scaffolds", language);
        Assert.Equal(Read(golden), Read(bench.PathOf("word-tools")));
    }

    [Fact]
    public async Task New_AssemblyScript_BringsTheWholeLibraryAndLocksTheCompiler()
    {
        using var bench = new Workbench();

        await bench.DoAsync("new", "word-tools", "-id", "org.example.words");

        var files = Read(bench.PathOf("word-tools"));
        Assert.Contains("\"assemblyscript\": \"0.27.37\"", files["package.json"], StringComparison.Ordinal);
        Assert.Contains("sha512-", files["package-lock.json"], StringComparison.Ordinal);
        Assert.Contains("@skill:id      org.example.words", files["assembly/skill.ts"], StringComparison.Ordinal);
        Assert.Contains("sdk/entrypoint.ts", files.Keys);
        Assert.Contains("node_modules/", files["gitignore"], StringComparison.Ordinal);
        Assert.DoesNotContain("__", files["asconfig.json"], StringComparison.Ordinal);
        await bench.DoAsync("generate", "-lang", "as", "word-tools");
    }

    [Fact]
    public async Task New_FolderThatHoldsSomething_IsLeftAlone()
    {
        using var bench = new Workbench();
        bench.Write("word-tools/notes.txt", "mine");

        Assert.Contains("word-tools", await bench.RefuseAsync("new", "word-tools"), StringComparison.Ordinal);

        Assert.Equal(["notes.txt"], Directory.GetFileSystemEntries(bench.PathOf("word-tools")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("Word")]
    [InlineData("../evil")]
    [InlineData("a--b")]
    [InlineData("words", "-id", "words")]
    [InlineData("words", "-id", "com.example.\"x")]
    public async Task New_NameThatIsNone_IsAUsageErrorAndWritesNothing(params string[] args)
    {
        using var bench = new Workbench();

        Assert.Equal(LmskCommand.Usage, await bench.RunAsync(["new", .. args]));

        Assert.Empty(Directory.GetFileSystemEntries(bench.Folder));
    }

    // A golden .gitignore would act on this repository.
    private static SortedDictionary<string, string> Read(string folder) => new(
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).ToDictionary(
            file => Path.GetRelativePath(folder, file).Replace('\\', '/').TrimStart('.'), File.ReadAllText),
        StringComparer.Ordinal);
}
