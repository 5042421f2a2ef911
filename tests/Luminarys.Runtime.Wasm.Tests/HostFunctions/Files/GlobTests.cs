using Luminarys.Runtime.Wasm.HostFunctions.Files;
using static Luminarys.Runtime.Wasm.Tests.HostFunctions.Files.FileStage;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Files;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*.go", new[] { "main.go" })]
    [InlineData("**/*.go", new[] { "main.go", "src/a.go", "src/deep/b.go" })]
    [InlineData("src/*", new[] { "src/a.go", "src/deep/" })]
    [InlineData("src/**", new[] { "src/a.go", "src/deep/", "src/deep/b.go" })]
    [InlineData("**", new[] { "main.go", "src/", "src/a.go", "src/deep/", "src/deep/b.go", "src-x/", "src-x/c.ts" })]
    [InlineData("**/deep/**", new[] { "src/deep/b.go" })]
    [InlineData("**/deep", new[] { "src/deep/" })]
    [InlineData("{main,none}.go", new[] { "main.go" })]
    [InlineData("{src/a,src-x/c}.{go,ts}", new[] { "src/a.go", "src-x/c.ts" })]
    [InlineData("[lm]ain.?o", new[] { "main.go" })]
    [InlineData("./src/", new[] { "src/" })]
    [InlineData("src//a.go", new[] { "src/a.go" })]
    [InlineData(".*", new[] { ".env", ".github/" })]
    [InlineData(".github/*", new[] { ".github/w.yml" })]
    [InlineData(".github/**", new[] { ".github/w.yml" })]
    [InlineData("**/.env", new[] { ".env" })]
    [InlineData("*/w.yml", new string[0])]
    [InlineData("..", new string[0])]
    [InlineData("", new string[0])]
    public async Task Glob_Pattern_FindsRelativePathsInOrder(string pattern, string[] expected)
    {
        await using var stage = Tree();

        Assert.Equal(expected, stage.Glob(("patterns", Texts(pattern)), ("path", stage.Root)));
    }

    [Fact]
    public async Task Glob_Union_FindsEachPathOnce()
    {
        await using var stage = Tree();

        Assert.Equal(["main.go", "src/"], stage.Glob(("patterns", Texts("src", "*.go", "main.*", "s*[!x]")), ("path", stage.Root)));
    }

    [Fact]
    public async Task Glob_WithoutPatterns_FindsNothing()
    {
        await using var stage = Tree();

        Assert.Empty(stage.Glob(("patterns", null), ("path", stage.Root)));
        Assert.Empty(stage.Glob(("path", stage.Root)));
    }

    [Fact]
    public async Task Glob_WithoutPath_AnswersAbsolutePaths()
    {
        await using var stage = Tree();

        Assert.Equal([$"{stage.Root}/main.go"], stage.Glob(("patterns", Texts("*.go")), ("path", "")));
        Assert.Equal([$"{stage.Root}/main.go"], stage.Glob(("patterns", Texts($"{stage.Root}/*.go"))));
    }

    [Fact]
    public async Task Glob_AbsolutePattern_CountsBelowTheBase()
    {
        await using var stage = Tree();

        Assert.Equal(["a.go"], stage.Glob(("patterns", Texts($"{stage.Root}/src/*.go", "/etc/*", stage.PathOf("src"))), ("path", stage.PathOf("src/"))));
    }

    [Fact]
    public async Task Glob_Options_ChangeWhatIsFound()
    {
        await using var stage = Tree();

        Assert.Equal(["main.go", "src/", "src-x/"], Find(("max_depth", 1)));
        Assert.Equal(["main.go"], Find(("max_depth", 1), ("only_files", true)));
        Assert.Equal(["src/", "src/deep/", "src-x/"], Find(("only_dirs", true)));
        Assert.Empty(Find(("only_dirs", true), ("only_files", true)));
        Assert.Equal([".env", ".github/", ".github/w.yml"], Find(("match_hidden", true))[..3]);
        Assert.Equal(["main.go", "src/", "src-x/", "src-x/c.ts"], Find(("ignore_dirs", Texts("src"))));

        string[] Find(params (string, object?)[] more) => stage.Glob([("patterns", Texts("**")), ("path", stage.Root), .. more]);
    }

    [Fact]
    public async Task Glob_IgnoredDirectories_AreListedAndNotEntered()
    {
        await using var stage = new FileStage();
        stage.With("node_modules/a").With("vendor/b");

        Assert.Equal(["node_modules/", "vendor/"], stage.Glob(("patterns", Texts("**")), ("path", stage.Root)));
        Assert.Equal(4, stage.Glob(("patterns", Texts("**")), ("path", stage.Root), ("ignore_dirs", Array.Empty<string>())).Length);
    }

    [Fact]
    public async Task Glob_Links_AreListedAndNotEntered()
    {
        await using var stage = new FileStage();
        stage.With("d/a");
        File.CreateSymbolicLink(stage.PathOf("link"), "d");

        Assert.Equal(["d", "d/a", "link"], stage.Glob(("patterns", Texts("**")), ("path", stage.Root)).Select(path => path.TrimEnd('/')));
    }

    [Fact]
    public async Task Glob_UnfitPath_IsAnError()
    {
        await using var stage = Tree();

        Assert.Equal($"not a directory: {stage.PathOf("main.go")}", stage.Fail("fs_glob", ("patterns", Texts("*")), ("path", stage.PathOf("main.go"))));
        Assert.Equal($"not found: {stage.PathOf("none")}", stage.Fail("fs_glob", ("patterns", Texts("*")), ("path", stage.PathOf("none"))));
        Assert.StartsWith("invalid argument: patterns: '[a' ", stage.Fail("fs_glob", ("patterns", Texts("[a")), ("path", stage.Root)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Glob_Limits_AreErrors()
    {
        await using var stage = new FileStage(limits: SearchLimits.Standard with { Paths = 2 });
        stage.With("a").With("b").With("c");

        Assert.Equal("too large: more than 2 names match", stage.Fail("fs_glob", ("patterns", Texts("*")), ("path", stage.Root)));
        Assert.Equal(2, stage.Glob(("patterns", Texts("[ab]")), ("path", stage.Root)).Length);
        Assert.Equal(
            "invalid argument: patterns: more than 256 patterns",
            stage.Fail("fs_glob", ("patterns", Enumerable.Repeat("a", 257).ToArray()), ("path", stage.Root)));
        Assert.Contains(
            "more than 1024 alternatives",
            stage.Fail("fs_glob", ("patterns", Enumerable.Repeat("{a,b,c,d,e}", 256).ToArray()), ("path", stage.Root)),
            StringComparison.Ordinal);
        Assert.Contains(
            "more than 63 parts",
            stage.Fail("fs_glob", ("patterns", Texts(string.Concat(Enumerable.Repeat("a/", 64)))), ("path", stage.Root)),
            StringComparison.Ordinal);
        Assert.Contains(
            "longer than 1024", stage.Fail("fs_glob", ("patterns", Texts(new string('a', 1025))), ("path", stage.Root)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S8_Glob_MoreThanTheGuestTakes_IsRefused()
    {
        await using var stage = new FileStage(maxAnswerBytes: 100);
        stage.With("a-long-name-of-a-file-1").With("a-long-name-of-a-file-2").With("a-long-name-of-a-file-3");

        Assert.StartsWith("too large: the names", stage.Fail("fs_glob", ("patterns", Texts("*")), ("path", stage.Root)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Glob_PatternOfDirectChildren_EntersNoDirectory()
    {
        await using var stage = Tree();
        var closed = stage.WithDirectory("src/closed").PathOf("src/closed");
        for (var depth = 0; depth < 70; depth++)
        {
            closed += "/d";
        }

        Directory.CreateDirectory(closed);

        Assert.Equal(["main.go"], stage.Glob(("patterns", Texts("*.go", "none/**")), ("path", stage.Root)));
        Assert.StartsWith("too large: ", stage.Fail("fs_glob", ("patterns", Texts("**/*.go")), ("path", stage.Root)), StringComparison.Ordinal);
    }

    private static FileStage Tree() => new FileStage().With("main.go").With("src/a.go").With("src/deep/b.go").With("src-x/c.ts").With(".env").With(".github/w.yml");
}
