using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk.Tests;

public sealed class GenerateCommandTests
{
    private const string Header = "// @skill:id com.example.tool\n// @skill:name \"Tool\"\n// @skill:version 1.0.0\n\n";
    private const string Ping = "// @skill:method ping \"Answer.\"\nexport function ping(): string { return \"pong\"; }\n";

    private const string Go = """
        // @skill:id com.example.tool
        // @skill:name "Tool"
        // @skill:version 1.0.0
        package main

        // @skill:method ping "Answer."
        func Ping() string { return "pong" }

        """;

    private const string Rust = """
        //! @skill:id com.example.tool
        //! @skill:name "Tool"
        //! @skill:version 1.0.0

        /// @skill:method ping "Answer."
        pub fn ping() -> String { String::new() }

        """;

    [Theory]
    [InlineData("assembly/lib.ts", "generate", "-lang", "as", "assembly/")]
    [InlineData("assembly/lib.ts", "generate", "-lang", "as", ".")]
    [InlineData("assembly/lib.ts", "generate", "-lang", "as", "-out", "assembly", ".")]
    [InlineData("assembly/lib.ts", "-lang", "as", ".")]
    [InlineData("elsewhere/deep/lib.ts", "generate", "--lang", "as", "--out", "elsewhere/deep", ".")]
    [InlineData("main.go", "generate", ".")]
    [InlineData("main.go", "generate")]
    [InlineData("main.go", "generate", "-lang", "go", ".")]
    [InlineData("main.go", "-lang", "go", ".")]
    [InlineData("main.go", "-lang", "go", "-verbose", ".")]
    [InlineData("main.go", "-verbose", ".")]
    [InlineData("src/lib.rs", "generate", "-lang", "rust", "./src")]
    [InlineData("src/lib.rs", "generate", "-lang", "rust", "-out", "src", "./src")]
    [InlineData("src/lib.rs", "generate", "-lang", "rust", "-out", "src", ".")]
    public async Task Generate_PublishedForms_WriteWhereTheBuildLooks(string written, params string[] args)
    {
        using var bench = WithSources();

        await bench.DoAsync(args);

        var text = await File.ReadAllTextAsync(bench.PathOf(written), TestContext.Current.CancellationToken);
        Assert.StartsWith(SkillEmitter.Marker, text, StringComparison.Ordinal);
        Assert.Contains("ping", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_Again_GivesTheSameBytes()
    {
        using var bench = WithSources();
        await bench.DoAsync("generate", ".");
        var before = await File.ReadAllBytesAsync("main.go", TestContext.Current.CancellationToken);

        await bench.DoAsync("generate", ".");

        Assert.Equal(before, await File.ReadAllBytesAsync("main.go", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("as", "assembly/skill.ts", "assembly/lib.ts", "as/lib.ts", "as/skill.ts")]
    [InlineData("go", "skill.go", "main.go", "go/main.go", "go/skill.go")]
    [InlineData("rust", "src/skill.rs", "src/lib.rs", "rust/lib.rs", "rust/skill.rs")]
    public async Task Generate_AllKinds_MatchesTheGoldenFile(string language, string source, string target, string golden, string asset)
    {
        using var bench = new Workbench();
        bench.Write(source, await File.ReadAllTextAsync(AssetOf(asset), TestContext.Current.CancellationToken));

        await bench.DoAsync("generate", "-lang", language, ".");

        Assert.Equal(
            await File.ReadAllTextAsync(AssetOf(golden), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(bench.PathOf(target), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("// @skill:metod ping \"x\"\n" + Ping, 5, "unknown annotation @skill:metod: did you mean @skill:method?")]
    [InlineData("// @skill:method a \"x\"\n// @skill:param b \"x\"\nexport function f(b: Map<i32, i32>): void {}\n", 7, "has the type 'Map<i32, i32>': use string, bool")]
    [InlineData("// @skill:method a \"x\"\nexport function f(): Date {}\n", 6, "returns 'Date': use string, bool")]
    [InlineData(Ping + Ping, 8, "method 'ping' is there already, on line 6; give it another name")]
    [InlineData("// @skill:method a234567890123456789012345678901234567890123456789012345678901234 \"x\"\nexport function f(): void {}\n", 0, "")]
    [InlineData("// @skill:method a2345678901234567890123456789012345678901234567890123456789012345 \"x\"\nexport function f(): void {}\n", 5, "use letters, digits and underscores, at most 64")]
    [InlineData("// @skill:method a \"x\"\n\nexport function f(): void {}\n", 5, "is separated from its function: put it directly above an exported function")]
    [InlineData("// @skill:method a\nexport function f(): void {}\n", 5, "needs a description in double quotes: @skill:method a \"What it does\"")]
    public async Task Generate_AuthorError_NamesPlaceReasonAndFix(string body, int line, string message)
    {
        using var bench = new Workbench();
        var source = bench.Write("skill.ts", Header + body);
        if (line == 0)
        {
            await bench.DoAsync("generate", "-lang", "as", bench.Folder);
            return;
        }

        var complaint = await bench.RefuseAsync("generate", "-lang", "as", bench.Folder);

        Assert.StartsWith($"{source}:{line}: ", complaint, StringComparison.Ordinal);
        Assert.Contains(message, complaint, StringComparison.Ordinal);
        Assert.Equal(["skill.ts"], Directory.EnumerateFileSystemEntries(bench.Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("id", "@skill:id is missing: write @skill:id com.example.tool")]
    [InlineData("name", "@skill:name is missing: write @skill:name \"Tool\"")]
    [InlineData("version", "@skill:version is missing: write @skill:version 1.0.0")]
    public async Task Generate_MissingField_IsNamed(string field, string message)
    {
        using var bench = new Workbench();
        var header = string.Join('\n', Header.Split('\n').Where(line => !line.Contains($"@skill:{field} ", StringComparison.Ordinal)));
        var source = bench.Write("skill.ts", header + Ping);

        var complaint = await bench.RefuseAsync("generate", "-lang", "as", bench.Folder);

        Assert.StartsWith($"{source}:1: {message}", complaint, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.PathOf("lib.ts")));
    }

    [Fact]
    public async Task Generate_SeveralErrors_AreAllNamed()
    {
        using var bench = new Workbench();
        bench.Write("skill.ts", "// @skill:id tool\n\n// @skill:method a\nexport function f(): void {}\n");

        Assert.Equal(LmskCommand.Failed, await bench.RunAsync("generate", "-lang", "as", "."));

        Assert.Equal(4, bench.Errors.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Generate_FileOfAPerson_IsKeptUnlessForced()
    {
        using var bench = WithSources();
        const string own = "// my own\n";
        bench.Write("assembly/lib.ts", own);

        var complaint = await bench.RefuseAsync("generate", "-lang", "as", ".");

        Assert.Equal("./assembly/lib.ts:1: it was not written by lmsk and is kept; -force overwrites it", complaint);
        Assert.Equal(own, await File.ReadAllTextAsync("assembly/lib.ts", TestContext.Current.CancellationToken));
        foreach (var force in new[] { "-force", "--force" })
        {
            bench.Write("assembly/lib.ts", own);
            await bench.DoAsync("generate", "-lang", "as", force, ".");
            Assert.StartsWith(SkillEmitter.Marker, await File.ReadAllTextAsync("assembly/lib.ts", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Generate_WrongSource_LeavesTheLastGoodOutput()
    {
        using var bench = WithSources();
        await bench.DoAsync("generate", "-lang", "as", ".");
        var before = await File.ReadAllBytesAsync("assembly/lib.ts", TestContext.Current.CancellationToken);
        bench.Write("assembly/skill.ts", Ping);

        Assert.Equal(LmskCommand.Failed, await bench.RunAsync("generate", "-lang", "as", "-force", "."));

        Assert.Equal(before, await File.ReadAllBytesAsync("assembly/lib.ts", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("as", "there is no skill.ts here or in assembly/")]
    [InlineData("rust", "there is no skill.rs here or in src/")]
    [InlineData("go", "there is no Go file here")]
    public async Task Generate_NoSource_SaysWhereItLooked(string language, string message)
    {
        using var bench = new Workbench();

        Assert.Equal($"nowhere: {message}", await bench.RefuseAsync("generate", "-lang", language, "nowhere"));
    }

    private static Workbench WithSources()
    {
        var bench = new Workbench();
        bench.Write("assembly/skill.ts", Header + Ping);
        bench.Write("src/skill.rs", Rust);
        bench.Write("skill.go", Go);
        return bench;
    }

    private static string AssetOf(string name) => Path.Combine(AppContext.BaseDirectory, "assets", "authoring", name);
}
