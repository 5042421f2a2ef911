using Luminarys.Runtime.Wasm.HostFunctions.Files;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Files;

public sealed class PathBracesTests
{
    [Theory]
    [InlineData("/d", new[] { "/d" })]
    [InlineData("", new[] { "" })]
    [InlineData("/d/{a,b,c}", new[] { "/d/a", "/d/b", "/d/c" })]
    [InlineData("/{a,b}/{x,y}", new[] { "/a/x", "/a/y", "/b/x", "/b/y" })]
    [InlineData("{a,{b,c}}", new[] { "a", "b", "c" })]
    [InlineData("x{,y}z", new[] { "xz", "xyz" })]
    [InlineData("{1..3}", new[] { "{1..3}" })]
    [InlineData("{a}", new[] { "{a}" })]
    [InlineData("{a{b,c}}", new[] { "{ab}", "{ac}" })]
    [InlineData(@"\{a,b}", new[] { "{a,b}" })]
    [InlineData(@"{a\,b,c\}}", new[] { "a,b", "c}" })]
    [InlineData(@"a\b", new[] { @"a\b" })]
    [InlineData("{a,b", new[] { "{a,b" })]
    [InlineData("a,b}", new[] { "a,b}" })]
    [InlineData("{a/b,c}/d", new[] { "a/b/d", "c/d" })]
    public void Expand_Path_WritesOutGroups(string path, string[] expected)
    {
        Assert.Null(PathBraces.Expand(path, out var paths));
        Assert.Equal(expected, paths);
    }

    [Fact]
    public void Expand_AsManyAsAllowed_Works()
    {
        Assert.Null(PathBraces.Expand(string.Concat(Enumerable.Repeat("{a,b}", 8)), out var paths));
        Assert.Equal(256, paths.Distinct().Count());
    }

    [Theory]
    [InlineData("{a,b}", 9, "stands for more than 256 paths")]
    [InlineData("{a,b}", 3000, "stands for more than 256 paths")]
    [InlineData("{", 17, "nests braces more than 16 deep")]
    [InlineData("a", 16385, "is longer than 16384 characters")]
    public void S9_Expand_BeyondALimit_IsRefusedAtOnce(string unit, int times, string fault) =>
        Assert.Equal(fault, PathBraces.Expand(string.Concat(Enumerable.Repeat(unit, times)), out _));
}
