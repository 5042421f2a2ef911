using Luminarys.Permissions;

namespace Luminarys.Core.Tests.Permissions;

public sealed class DirectoryRulesTests
{
    [Theory]
    [InlineData("/data:rw", "/data", "/data:rw")]
    [InlineData("/data:rw", "/data/a/b", "/data:rw")]
    [InlineData("/data:rw", "/database", null)]
    [InlineData("/data:rw", "/", null)]
    [InlineData("/data/:rw", "/data/a", "/data/:rw")]
    [InlineData("/:ro", "/etc/passwd", "/:ro")]
    [InlineData("/:ro", "/", "/:ro")]
    [InlineData("/**:ro", "/etc", "/**:ro")]
    [InlineData("/data:rw /data/shared:ro", "/data/shared/a", "/data/shared:ro")]
    [InlineData("/data/shared:ro /data:rw", "/data/shared", "/data/shared:ro")]
    [InlineData("/data:rw /data/shared:ro", "/data/sharedness", "/data:rw")]
    [InlineData("/data:ro /data/out:rw", "/data/out/a", "/data/out:rw")]
    [InlineData("/data:ro /data:rw", "/data/a", "/data:rw")]
    [InlineData("/data/*:rw /data/secret:ro", "/data/secret/a", "/data/secret:ro")]
    [InlineData("/data/*:ro /data/out:rw", "/data/out/a", "/data/out:rw")]
    [InlineData("/data/**:rw /data/x:ro", "/data/x/y/z", "/data/x:ro")]
    [InlineData("/data/**:ro /data/out:rw", "/data/out/a", "/data/out:rw")]
    [InlineData("/data/projects/*/src:rw", "/data/projects/a/src/b/c", "/data/projects/*/src:rw")]
    [InlineData("/data/projects/*/src:rw", "/data/projects/a/src", "/data/projects/*/src:rw")]
    [InlineData("/data/projects/*/src:rw", "/data/projects/a/b/src", null)]
    [InlineData("/data/projects/*/src:rw", "/data/projects/a", null)]
    [InlineData("/a/**/b:rw", "/a/b/x", "/a/**/b:rw")]
    [InlineData("/a/**/b:rw", "/a/1/2/b/x", "/a/**/b:rw")]
    [InlineData("/a/**/b:rw /a/b/1:ro", "/a/b/1/b/x", "/a/b/1:ro")]
    [InlineData("/a:rw /a/**/keep:ro", "/a/x/keep/y/keep/z", "/a/**/keep:ro")]
    [InlineData("/a/x/keep/y:rw /a/**/keep:ro", "/a/x/keep/y/keep/z", "/a/**/keep:ro")]
    [InlineData("/{a,b/c}/d:rw", "/b/c/d/e", "/{a,b/c}/d:rw")]
    [InlineData("/{a,b}/d:rw", "/b/d/e", "/{a,b}/d:rw")]
    [InlineData(@"/a\*:rw", "/a*/b", @"/a\*:rw")]
    [InlineData(@"/a\*:rw", "/ab/b", null)]
    [InlineData("/data/*.txt:ro", "/data/a.txt", "/data/*.txt:ro")]
    [InlineData("/data/[ab]:ro", "/data/b/c", "/data/[ab]:ro")]
    public void Find_MostSpecificGrant_Wins(string grants, string path, string? expected)
    {
        var match = Compile(grants).Find(path);

        Assert.Equal(expected, match is { } found ? $"{found.Grant.Pattern}:{(found.Grant.Mode == AccessMode.ReadWrite ? "rw" : "ro")}" : null);
    }

    [Theory]
    [InlineData("/data:rw", "/data/a/b", "/data")]
    [InlineData("/data/*/src:rw", "/data/a/src/b", "/data/a/src")]
    [InlineData("/data/**:rw", "/data/a", "/data")]
    [InlineData("/:rw", "/data/a", "/")]
    public void Find_Match_NamesTheGrantedDirectory(string grants, string path, string root) => Assert.Equal(root, Compile(grants).Find(path)?.Root);

    [Theory]
    [InlineData("data")]
    [InlineData("")]
    [InlineData("/data/../etc")]
    [InlineData("/data/*/../x")]
    [InlineData("/data/[a")]
    [InlineData("/data/{a")]
    [InlineData("/data/.lm-staging")]
    public void Compile_PatternThatIsNone_IsToldAndGrantsNothing(string pattern)
    {
        var problems = new List<string>();

        var rules = DirectoryRules.Compile([new(pattern, AccessMode.ReadWrite), new("/ok", AccessMode.ReadOnly)], problems);

        Assert.Contains(pattern, Assert.Single(problems), StringComparison.Ordinal);
        Assert.Null(rules.PatternOf(0));
        Assert.Null(rules.Find("/data/a"));
        Assert.NotNull(rules.Find("/ok/a"));
    }

    [Fact]
    public void Judge_Denial_NamesTheRuleAndTheLineThatWouldAllow()
    {
        var rules = Compile("/data:ro");

        Assert.Equal(Verdict.Allow("permissions.fs.dirs: /data:ro"), rules.Judge("/data/a", AccessMode.ReadOnly));
        Assert.Equal(
            Verdict.Deny("permissions.fs.dirs: /data:ro", "permissions.fs.dirs: /data/a:rw"), rules.Judge("/data/a", AccessMode.ReadWrite));
        Assert.Equal(
            Verdict.Deny("nothing in permissions.fs.dirs matches", @"permissions.fs.dirs: /x\[1]:ro"),
            rules.Judge("/x[1]", AccessMode.ReadOnly));
    }

    [Fact]
    public void Judge_Remedy_AllowsTheAct()
    {
        const string Path = "/odd {name}/*?[a]\\b";
        var remedy = Compile("/data:ro").Judge(Path, AccessMode.ReadWrite).Remedy;

        var rules = Compile("", new DirectoryGrant(remedy["permissions.fs.dirs: ".Length..^3], AccessMode.ReadWrite));

        Assert.True(rules.Judge(Path, AccessMode.ReadWrite).IsAllowed);
        Assert.False(rules.Judge("/odd {name}/x?[a]\\b", AccessMode.ReadWrite).IsAllowed);
    }

    [Theory]
    [InlineData("/data/a", true, false)]
    [InlineData("/data", true, true)]
    [InlineData("/data/a/keep", false, false)]
    [InlineData("/data/b", false, true)]
    [InlineData("/data/b/c", false, true)]
    [InlineData("/other", false, false)]
    public void HoldsReadOnly_Below_IsTold(string path, bool holds, bool mayHold)
    {
        var rules = Compile("/data:rw /data/a/keep:ro /data/b/*:ro /data/c:rw");

        Assert.Equal((holds, mayHold), (rules.HoldsReadOnly(path), rules.MayHoldReadOnly(path)));
    }

    [Fact]
    public void IsGrantedDirectory_PathThatAPatternNames_IsOne()
    {
        var rules = Compile("/data:rw /p/*/src:rw");

        Assert.True(rules.IsGrantedDirectory("/data"));
        Assert.True(rules.IsGrantedDirectory("/p/a/src"));
        Assert.False(rules.IsGrantedDirectory("/p/a"));
        Assert.False(rules.IsGrantedDirectory("/data/a"));
    }

    private static DirectoryRules Compile(string grants, params DirectoryGrant[] more)
    {
        var problems = new List<string>();
        var parsed = grants.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(
            text => new DirectoryGrant(text[..^3], text.EndsWith(":rw", StringComparison.Ordinal) ? AccessMode.ReadWrite : AccessMode.ReadOnly));
        var rules = DirectoryRules.Compile([.. parsed, .. more], problems);
        Assert.Empty(problems);
        return rules;
    }
}
