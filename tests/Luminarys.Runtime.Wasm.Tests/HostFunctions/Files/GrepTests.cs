using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions.Files;
using static Luminarys.Runtime.Wasm.Tests.HostFunctions.Files.FileStage;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Files;

public sealed class GrepTests
{
    [Fact]
    public async Task Grep_Directory_AnswersRelativePathsInOrder()
    {
        await using var stage = new FileStage();
        stage.With("s/b.go", "x\n// TODO: x TODO\n").With("s/a/c.go", "TODO").With("s/a-b/d.go", "TODO").With("s/.hidden", "TODO").With("s/none", "x");

        Assert.Equal(
            [".hidden:1:0-4", "a/c.go:1:0-4", "a-b/d.go:1:0-4", "b.go:2:3-7,11-15"],
            stage.Grep(("pattern", "TODO"), ("path", stage.PathOf("s"))));
    }

    [Fact]
    public async Task Grep_File_AnswersThePathAsItWasAsked()
    {
        await using var stage = new FileStage();
        stage.With("a", "x");

        Assert.Equal([$"{stage.Root}//a:1:0-1"], stage.Grep(("pattern", "x"), ("path", $"{stage.Root}//a")));
    }

    [Fact]
    public async Task Grep_WithoutPath_SearchesAllGrantsAndAnswersAbsolutePaths()
    {
        await using var stage = new FileStage(root =>
        [
            new($"{root}/b", AccessMode.ReadOnly), new($"{root}/a/in", AccessMode.ReadOnly), new($"{root}/a", AccessMode.ReadWrite),
            new($"{root}/missing", AccessMode.ReadOnly),
        ]);
        stage.With("a/f", "x").With("a/in/g", "x").With("b/h", "x").With("c/i", "x");

        Assert.Equal(
            [$"{stage.Root}/a/f:1:0-1", $"{stage.Root}/a/in/g:1:0-1", $"{stage.Root}/b/h:1:0-1"],
            stage.Grep(("pattern", "x"), ("path", "")));
    }

    [Theory]
    [InlineData("*/src", new[] { "a/src/f", "b/src/in/f" })]
    [InlineData("{a,c}", new[] { "a/other/f", "a/src/f", "c/f" })]
    [InlineData("**/src", new[] { "a/src/f", "b/src/in/f", "d/e/src/f" })]
    [InlineData("{d/e,b}/src/**", new[] { "b/src/in/f", "d/e/src/f" })]
    [InlineData("none/*", new string[0])]
    public async Task Grep_WithoutPath_SearchesWhatAWildcardGrantNames(string grant, string[] expected)
    {
        await using var stage = new FileStage(root => [new($"{root}/{grant}", AccessMode.ReadOnly)]);
        foreach (var file in new[] { "a/src/f", "a/other/f", "b/src/in/f", "c/f", "d/e/src/f" })
        {
            stage.With(file, "x");
        }

        // A link is no way to a directory, wherever it leads.
        Directory.CreateSymbolicLink(stage.PathOf("l"), stage.PathOf("a"));

        Assert.Equal(expected.Select(file => $"{stage.Root}/{file}:1:0-1"), stage.Grep(("pattern", "x"), ("path", "")));
        Assert.Equal(expected.Select(stage.PathOf), stage.Glob(("patterns", Texts("**/f")), ("path", ""), ("only_files", true)));
    }

    [Fact]
    public async Task Grep_WithLines_AddsTheLineWithoutItsEnd()
    {
        await using var stage = new FileStage();
        stage.With("a", "\uFEFFone\r\ntwo");

        var with = LinesOf(stage.Do("fs_grep", ("pattern", "o"), ("path", stage.Root), ("with_lines", true)));
        var without = LinesOf(stage.Do("fs_grep", ("pattern", "o"), ("path", stage.Root)));

        Assert.Equal(["one", "two"], with.Select(line => (string)line["line"]));
        Assert.All(without, line => Assert.False(line.ContainsKey("line")));
    }

    [Theory]
    [InlineData("é", "aéé", "a:1:1-3,3-5")]
    [InlineData("b", "😀b", "a:1:4-5")]
    [InlineData(".", "😀", "a:1:0-4")]
    [InlineData("$", "é", "a:1:2-2")]
    [InlineData("x*", "axx", "a:1:0-0,1-3")]
    [InlineData("€$", "é€\r\n", "a:1:2-5")]
    public async Task Grep_Ranges_AreBytes(string pattern, string text, string expected)
    {
        await using var stage = new FileStage();
        stage.With("a", text);

        Assert.Equal([expected], stage.Grep(("pattern", pattern), ("path", stage.Root)));
    }

    [Fact]
    public async Task Grep_Options_ChangeWhatIsFound()
    {
        await using var stage = new FileStage();
        stage.With("a", "a.c\nabc\nABC\n");

        Assert.Equal(["a:1:0-3", "a:2:0-3"], stage.Grep(("pattern", "a.c"), ("path", stage.Root)));
        Assert.Equal(["a:1:0-3"], stage.Grep(("pattern", "a.c"), ("path", stage.Root), ("fixed", true)));
        Assert.Equal(["a:2:0-3", "a:3:0-3"], stage.Grep(("pattern", "abc"), ("path", stage.Root), ("case_insensitive", true)));
        Assert.Equal(["a"], stage.Grep(("pattern", "b"), ("path", stage.Root), ("filename_only", true)));
        Assert.Equal(["a:1:0-1"], stage.Grep(("pattern", "a"), ("path", stage.Root), ("max_count", 1)));
        Assert.Equal(["a:1:0-1", "a:2:0-1"], stage.Grep(("pattern", "a"), ("path", stage.Root), ("max_count", 0)));
    }

    [Fact]
    public async Task Grep_NothingFound_AnswersAnEmptyArray()
    {
        await using var stage = new FileStage();
        stage.With("a", "x");

        Assert.Empty((object[])stage.Do("fs_grep", ("pattern", "y"), ("path", stage.Root))["matches"]);
    }

    [Fact]
    public async Task Grep_IgnoredDirectories_ListIsReplacedByAnyOther()
    {
        await using var stage = new FileStage();
        stage.With("node_modules/a", "x").With(".git/b", "x").With("src/build/c", "x").With("mine/d", "x").With("e", "x");

        Assert.Equal(["e", "mine/d"], Names());
        Assert.Equal(["e", "mine/d"], Names(("ignore_dirs", null)));
        Assert.Equal([".git/b", "e", "mine/d", "node_modules/a", "src/build/c"], Names(("ignore_dirs", Array.Empty<string>())));
        Assert.Equal([".git/b", "e", "node_modules/a", "src/build/c"], Names(("ignore_dirs", Texts("mine"))));

        string[] Names(params (string, object?)[] more) => stage.Grep([("pattern", "x"), ("path", stage.Root), ("filename_only", true), .. more]);
    }

    [Fact]
    public async Task Grep_IncludeAndExclude_MatchNamesOrPaths()
    {
        await using var stage = new FileStage();
        stage.With("a.go", "x").With("a_test.go", "x").With("d/b.go", "x").With("d/c.ts", "x");

        Assert.Equal(["a.go", "a_test.go", "d/b.go"], Names(("include", Texts("*.go"))));
        Assert.Equal(["a.go", "d/b.go"], Names(("include", Texts("*.go")), ("exclude", Texts("*_test.go"))));
        Assert.Equal(["d/b.go", "d/c.ts"], Names(("include", Texts("d/*"))));
        Assert.Equal(["a.go", "a_test.go"], Names(("exclude", Texts("d/**"))));
        Assert.Equal(["a.go", "a_test.go", "d/b.go", "d/c.ts"], Names(("include", null), ("exclude", Array.Empty<string>())));

        string[] Names(params (string, object?)[] more) => stage.Grep([("pattern", "x"), ("path", stage.Root), ("filename_only", true), .. more]);
    }

    [Theory]
    [InlineData("", new[] { "a.go", "b.tsx", "c.md", "d", "e.xyz" })]
    [InlineData("text", new[] { "a.go", "b.tsx", "c.md", "d", "e.xyz" })]
    [InlineData("all", new[] { "a.go", "b.tsx", "c.md", "d", "e.xyz" })]
    [InlineData("code", new[] { "a.go", "b.tsx" })]
    [InlineData("go", new[] { "a.go" })]
    [InlineData("ts", new[] { "b.tsx" })]
    [InlineData("md", new[] { "c.md" })]
    [InlineData("xyz", new[] { "e.xyz" })]
    [InlineData(".xyz", new[] { "e.xyz" })]
    public async Task Grep_TypeFilter_SelectsFiles(string filter, string[] expected)
    {
        await using var stage = new FileStage();
        stage.With("a.go", "x").With("b.tsx", "x").With("c.md", "x").With("d", "x").With("e.xyz", "x").With("f.go", "x\0");

        Assert.Equal(expected, stage.Grep(("pattern", "x"), ("path", stage.Root), ("filename_only", true), ("type_filter", filter)));
        Assert.Equal([$"{stage.Root}/d"], stage.Grep(("pattern", "x"), ("path", stage.PathOf("d")), ("filename_only", true), ("type_filter", filter)));
    }

    [Fact]
    public async Task Grep_MaxDepth_CountsFromTheStart()
    {
        await using var stage = new FileStage();
        stage.With("a", "x").With("d/b", "x").With("d/e/c", "x");

        Assert.Equal(["a:1:0-1"], stage.Grep(("pattern", "x"), ("path", stage.Root), ("max_depth", 1)));
        Assert.Equal(["a:1:0-1", "d/b:1:0-1"], stage.Grep(("pattern", "x"), ("path", stage.Root), ("max_depth", 2)));
        Assert.Equal(3, stage.Grep(("pattern", "x"), ("path", stage.Root), ("max_depth", 0)).Length);
    }

    [Fact]
    public async Task Grep_LargeAndBinaryFiles_AreLeftOutUnlessNamed()
    {
        await using var stage = new FileStage(limits: SearchLimits.Standard with { FileBytes = 100 });
        stage.With("large", new string('x', 101)).With("binary", "x\0").With("broken", [(byte)'x', 0xff]).With("fits", new string('x', 100));

        Assert.Equal(["fits"], stage.Grep(("pattern", "x"), ("path", stage.Root), ("filename_only", true)));
        Assert.Equal("too large: files of more than 100 bytes are not searched", stage.Fail("fs_grep", ("pattern", "x"), ("path", stage.PathOf("large"))));
        Assert.Equal($"not a text file: {stage.PathOf("binary")}", stage.Fail("fs_grep", ("pattern", "x"), ("path", stage.PathOf("binary"))));
    }

    [Fact]
    public async Task Grep_Links_AreNotFollowed()
    {
        await using var stage = new FileStage();
        stage.With("d/a", "x");
        File.CreateSymbolicLink(stage.PathOf("e"), "d");
        File.CreateSymbolicLink(stage.PathOf("f"), "/etc/hostname");

        Assert.Equal(["d/a"], stage.Grep(("pattern", "."), ("path", stage.Root), ("filename_only", true)));
    }

    [Fact]
    public async Task Grep_ManyLines_StopAtTheLimit()
    {
        await using var stage = new FileStage();
        stage.With("a", string.Concat(Enumerable.Repeat("x\n", 9_999))).With("b", string.Concat(Enumerable.Repeat("x\n", 9_999))).With("c", "x");

        var files = FileStage.Items(stage.Do("fs_grep", ("pattern", "x"), ("path", stage.Root))["matches"]);

        Assert.Equal([9_999, 1], files.Select(file => ((object[])file["matches"]).Length));
    }

    [Fact]
    public async Task Grep_ManyLinesInManyGrants_StopAtTheLimit()
    {
        await using var stage = new FileStage(root => [new($"{root}/a", AccessMode.ReadOnly), new($"{root}/b", AccessMode.ReadOnly)], SearchLimits.Standard with { Lines = 2 });
        stage.With("a/x", "x\nx\n").With("b/x", "x\nx\n");

        Assert.Equal([$"{stage.Root}/a/x:1:0-1", $"{stage.Root}/a/x:2:0-1"], stage.Grep(("pattern", "x")));
    }

    [Fact]
    public async Task Grep_MuchToScan_IsRefused()
    {
        await using var stage = new FileStage(limits: SearchLimits.Standard with { ScannedBytes = 10 });
        stage.With("a", "012345").With("b", "012345");

        Assert.StartsWith("too large: more than 10 bytes to search", stage.Fail("fs_grep", ("pattern", "x"), ("path", stage.Root)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x*")]
    [InlineData("x")]
    public async Task S8_Grep_MoreThanTheGuestTakes_IsRefusedBeforeItIsMade(string pattern)
    {
        await using var stage = new FileStage(maxAnswerBytes: 10_000);
        stage.With("a", string.Join('\n', Enumerable.Repeat(string.Concat(Enumerable.Repeat("yx", 16_384)), 100)));

        Assert.StartsWith("too large: what was found", stage.Fail("fs_grep", ("pattern", pattern), ("path", stage.Root)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S10_Grep_LineLongerThanTheLimit_IsCut()
    {
        await using var stage = new FileStage();
        stage.With("a", "é" + new string('x', 65_533) + "éyz\ny");

        var lines = LinesOf(stage.Do("fs_grep", ("pattern", "y|x$"), ("path", stage.Root), ("with_lines", true)));

        Assert.Equal(2, lines.Length);
        Assert.Equal("é" + new string('x', 65_533), lines[0]["line"]);
    }

    [Theory]
    [InlineData(@"(a)\1", "pattern unsupported: the back-reference '\\1'")]
    [InlineData("a(?=b)", "pattern unsupported: the group '(?='")]
    [InlineData("a**", "invalid argument: pattern: repeated repetition '*'")]
    [InlineData("(a", "invalid argument: pattern: missing ')'")]
    public async Task Grep_PatternThatIsNone_IsAnError(string pattern, string error)
    {
        await using var stage = new FileStage();

        Assert.Equal(error, stage.Fail("fs_grep", ("pattern", pattern), ("path", stage.Root)));
    }

    [Fact]
    public async Task Grep_FilterThatIsNone_IsAnError()
    {
        await using var stage = new FileStage();

        Assert.StartsWith("invalid argument: include: '[a' ", stage.Fail("fs_grep", ("pattern", "x"), ("path", stage.Root), ("include", Texts("[a"))), StringComparison.Ordinal);
        Assert.Equal(
            "invalid argument: exclude: more than 256 patterns",
            stage.Fail("fs_grep", ("pattern", "x"), ("path", stage.Root), ("exclude", Enumerable.Repeat("a", 257).ToArray())));
    }

    [Fact]
    public async Task Grep_OutOfTime_IsAnError()
    {
        await using var stage = new FileStage(limits: SearchLimits.Standard with { Time = TimeSpan.Zero });
        stage.With("a", "x");

        Assert.Equal("timeout after 0 ms", stage.Fail("fs_grep", ("pattern", "x"), ("path", stage.Root)));
    }

    private static Dictionary<object, object>[] LinesOf(Dictionary<object, object> answer) =>
        [.. FileStage.Items(answer["matches"]).SelectMany(file => FileStage.Items(file["matches"]))];
}
