using Luminarys.Permissions;

namespace Luminarys.Core.Tests.Permissions;

public sealed class DirectoryPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("//", "/")]
    [InlineData("/./.", "/")]
    [InlineData("/a", "/a")]
    [InlineData("/a//b/./c/", "/a/b/c")]
    [InlineData("/a b/ü/...", "/a b/ü/...")]
    [InlineData("/..a/b..", "/..a/b..")]
    public void TryNormalize_AbsolutePath_IsBroughtToOneForm(string path, string expected)
    {
        Assert.True(DirectoryPath.TryNormalize(path, out var normalized, out _));
        Assert.Equal(expected, normalized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("./a")]
    [InlineData("/..")]
    [InlineData("/a/../b")]
    [InlineData("/a/..")]
    [InlineData("/a\0")]
    [InlineData("/.lm-staging")]
    [InlineData("/a/.lm-staging-x/b")]
    public void TryNormalize_AnythingElse_IsRefused(string path)
    {
        Assert.False(DirectoryPath.TryNormalize(path, out _, out var fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void TryNormalize_TextThatIsNone_IsRefused()
    {
        Assert.False(DirectoryPath.TryNormalize("/a" + (char)0xD800, out _, out var fault));
        Assert.Equal("is not valid text", fault);
    }

    [Fact]
    public void TryNormalize_Lengths_AreCountedInBytes()
    {
        Assert.True(DirectoryPath.TryNormalize("/" + new string('a', 255), out _, out _));
        Assert.False(DirectoryPath.TryNormalize("/" + new string('a', 256), out _, out _));
        Assert.False(DirectoryPath.TryNormalize("/" + new string('ü', 128), out _, out _));
        Assert.True(DirectoryPath.TryNormalize(string.Concat(Enumerable.Repeat("/abc", 1024)), out _, out _));
        Assert.False(DirectoryPath.TryNormalize(string.Concat(Enumerable.Repeat("/abc", 1024)) + "/", out _, out _));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("./a//b/", "a/b")]
    public void TryNormalizeRelative_RelativePath_IsBroughtToOneForm(string path, string expected)
    {
        Assert.True(DirectoryPath.TryNormalizeRelative(path, out var normalized, out _));
        Assert.Equal(expected, normalized);
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("a/../b")]
    public void TryNormalizeRelative_AnythingElse_IsRefused(string path) => Assert.False(DirectoryPath.TryNormalizeRelative(path, out _, out _));

    [Theory]
    [InlineData("/a", "/", true)]
    [InlineData("/a", "/a", true)]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/", "/a", false)]
    public void IsWithin_Directory_EndsAtASegment(string path, string directory, bool expected) =>
        Assert.Equal(expected, DirectoryPath.IsWithin(path, directory));

    [Theory]
    [InlineData("/a", "/", "a")]
    [InlineData("/a/b", "/a", "b")]
    public void Segments_OfAPath_AreTakenApartAndPutTogether(string path, string parent, string name)
    {
        Assert.Equal((parent, name), (DirectoryPath.ParentOf(path), DirectoryPath.NameOf(path)));
        Assert.Equal(name, DirectoryPath.RelativeTo(path, parent));
        Assert.Equal(path, DirectoryPath.Join(parent, name));
        Assert.Equal(path, DirectoryPath.Join(path, ""));
    }
}
