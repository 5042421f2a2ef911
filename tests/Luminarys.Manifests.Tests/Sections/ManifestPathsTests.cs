using Luminarys.Manifests.Sections;

namespace Luminarys.Manifests.Tests.Sections;

public sealed class ManifestPathsTests
{
    [Theory]
    [InlineData("skills/*.yaml", "skills/a.yaml skills/b.yaml")]
    [InlineData("./skills/?.yaml", "./skills/a.yaml ./skills/b.yaml")]
    [InlineData("*/a.yaml", "skills/a.yaml")]
    [InlineData("**/*.yaml", "skills/a.yaml skills/b.yaml skills/deep/down/c.yaml top.yaml")]
    [InlineData("skills/**/c.yaml", "skills/deep/down/c.yaml")]
    [InlineData("skills/**", "skills/.hidden.yaml skills/a.yaml skills/b.yaml skills/deep/down/c.yaml skills/note.txt")]
    [InlineData("skills/.*.yaml", "skills/.hidden.yaml")]
    [InlineData("nowhere/*.yaml", "")]
    public void Expand_Pattern_NamesItsMatchesInOrder(string pattern, string expected)
    {
        using var directory = new TemporaryDirectory();
        foreach (var file in (string[])["skills/b.yaml", "skills/a.yaml", "skills/note.txt", "skills/.hidden.yaml", "skills/deep/down/c.yaml", "top.yaml"])
        {
            directory.Write(file, "");
        }

        Assert.Equal(expected, string.Join(' ', ManifestPaths.Expand(pattern, directory.FullPath)));
    }

    [Fact]
    public void Expand_AbsolutePattern_StaysAbsolute()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("a.yaml", "");

        Assert.Equal([file], ManifestPaths.Expand($"{directory.FullPath}/*.yaml", "/"));
    }

    [Fact]
    public void Read_PatternBesideANamedFile_ListsTheFileOnce()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("s/a.yaml", "");
        directory.Write("s/b.yaml", "");
        var file = directory.Write("host.yaml", "skills: [s/b.yaml, \"s/*.yaml\"]\n");

        var result = new HostConfigurationReader(directory.FullPath, new Dictionary<string, string>()).Read(file);

        Assert.Equal(["s/b.yaml", "s/a.yaml"], result.Configuration!.Skills);
    }
}
