using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Permissions;

public sealed class RequirementCheckTests
{
    [Theory]
    [InlineData("/data/**", "rw", "/data", AccessMode.ReadWrite, true)]
    [InlineData("/data/**:rw", "", "/data", AccessMode.ReadWrite, true)]
    [InlineData("/data/**", "rw", "/data", AccessMode.ReadOnly, false)]
    [InlineData("/data/**", "ro", "/data", AccessMode.ReadWrite, true)]
    [InlineData("/data/**", "", "/data", AccessMode.ReadOnly, true)]
    [InlineData("/data", "", "/data/**", AccessMode.ReadOnly, true)]
    [InlineData("/data/sub/**", "", "/data", AccessMode.ReadOnly, true)]
    [InlineData("/data/**", "", "/data/sub", AccessMode.ReadOnly, false)]
    [InlineData("/database/**", "", "/data", AccessMode.ReadOnly, false)]
    [InlineData("/data/*/src/**", "", "/data/*/src", AccessMode.ReadOnly, true)]
    [InlineData("/data/*/src/**", "", "/data", AccessMode.ReadOnly, true)]
    [InlineData("/data/[ab]/**", "", "/data/[ab]", AccessMode.ReadOnly, true)]
    [InlineData("/data/[ab]/**", "", "/data/a", AccessMode.ReadOnly, false)]
    [InlineData("/**", "", "/data", AccessMode.ReadOnly, false)]
    [InlineData("/**", "", "/", AccessMode.ReadOnly, true)]
    [InlineData("**", "rw", "/", AccessMode.ReadWrite, true)]
    [InlineData("data/**", "", "/", AccessMode.ReadWrite, false)]
    public void Check_Directory_NeedsAnEntryThatCoversIt(string pattern, string mode, string grant, AccessMode granted, bool isMet) =>
        AssertMet(isMet, new("fs", pattern, mode), new PermissionSet { Directories = [new(grant, granted)] });

    [Fact]
    public void Check_DirectoryBelowAReadOnlyEntry_IsJudgedByTheMostSpecificOne() =>
        AssertMet(
            false,
            new("fs", "/data/shared/**", "rw"),
            new PermissionSet { Directories = [new("/data", AccessMode.ReadWrite), new("/data/shared", AccessMode.ReadOnly)] });

    [Theory]
    [InlineData("https://api.example.com/**", "https://api.example.com/**", true)]
    [InlineData("https://api.example.com/**", "https://*.example.com/**", true)]
    [InlineData("https://api.example.com/v1/**", "https://api.example.com/**", true)]
    [InlineData("http **", "https://**", false)]
    [InlineData("**", "https://**", false)]
    [InlineData("https://**", "**", true)]
    [InlineData("https://{a,b}.example.com/", "https://{a,b}.example.com/", true)]
    [InlineData("https://other.example.com/**", "https://api.example.com/**", false)]
    public void Check_Url_NeedsThePatternOrOneThatMatchesIt(string pattern, string grant, bool isMet) =>
        AssertMet(isMet, new("http", pattern, ""), new PermissionSet { Http = new([grant], 1, false) });

    [Theory]
    [InlineData("wss://a.example/**", "https://a.example/**", true, true)]
    [InlineData("wss://a.example/**", "https://a.example/**", false, false)]
    [InlineData("ws://a.example/**", "https://a.example/**", true, false)]
    [InlineData("https://a.example/**", "https://a.example/**", true, true)]
    [InlineData("wss://a.example/**", "**", true, true)]
    public void Check_WebSocket_NeedsThePatternAndTheSwitch(string pattern, string grant, bool allowed, bool isMet) =>
        AssertMet(isMet, new("ws", pattern, ""), new PermissionSet { Http = new([grant], 1, allowed) });

    [Theory]
    [InlineData("*:5432", "*:*", true)]
    [InlineData("*:5432", "*:5432", true)]
    [InlineData("redis.internal:6379", "*.internal:6379", true)]
    [InlineData("redis.internal:6379", "redis.internal:6380", false)]
    public void Check_Endpoint_NeedsThePatternOrOneThatMatchesIt(string pattern, string grant, bool isMet) =>
        AssertMet(isMet, new("tcp", pattern, ""), new PermissionSet { Tcp = new([grant], false) });

    [Theory]
    [InlineData("go *", "go **", true)]
    [InlineData("go", "go **", true)]
    [InlineData("gofmt", "go **", false)]
    [InlineData("git push", "git status", false)]
    [InlineData("python -m venv .venv", "python -m venv .venv", true)]
    [InlineData("git **", "**", true)]
    [InlineData("./app **", "./**", true)]
    public void Check_Command_NeedsThePatternOrOneThatMatchesIt(string pattern, string grant, bool isMet) =>
        AssertMet(isMet, new("shell", pattern, ""), new PermissionSet { Shell = new([grant], ["**"]) });

    [Fact]
    public void Check_EmptyAllowlists_MeetNothing()
    {
        var permissions = new PermissionSet { Http = new([], 1, true), Tcp = new([], InternalAddresses: true), Shell = new([], ["**"]) };

        AssertMet(false, new("shell", "git **", ""), permissions);
        AssertMet(false, new("http", "**", ""), permissions);
        AssertMet(false, new("tcp", "**", ""), permissions);
    }

    [Theory]
    [InlineData("fs")]
    [InlineData("http")]
    [InlineData("ws")]
    [InlineData("tcp")]
    [InlineData("shell")]
    [InlineData("env")]
    [InlineData("invoke")]
    public void Check_NothingGranted_IsUnmetAndNamesTheLine(string kind)
    {
        var report = Check(new(kind, "/a", ""), PermissionSet.None, InvokePolicy.None);

        Assert.False(report.IsMet);
        Assert.Contains("; write ", Assert.Single(report.Unmet), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other-skill", "other-skill", true)]
    [InlineData("other-skill", "*", true)]
    [InlineData("other-skill", "other-*", true)]
    [InlineData("*", "other-skill", false)]
    [InlineData("*", "*", true)]
    public void Check_Invoke_NeedsThePolicy(string target, string entry, bool isMet) =>
        Assert.Equal(isMet, Check(new("invoke", target, ""), PermissionSet.None, new([entry], [])).IsMet);

    [Fact]
    public void Check_Environment_NeedsTheKey()
    {
        var permissions = new PermissionSet { Environment = ImmutableDictionary<string, string>.Empty.Add("API_KEY", "") };

        AssertMet(true, new("env", "API_KEY", ""), permissions);
        AssertMet(false, new("env", "OTHER", ""), permissions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_LanguageModel_NeedsOneOnTheHost(bool hasModel) =>
        Assert.Equal(hasModel, RequirementCheck.Check(Describe(new SkillRequirement("llm", "", "")), Manifest(PermissionSet.None, InvokePolicy.None), hasModel).IsMet);

    [Fact]
    public void Check_UnknownKind_IsAWarning()
    {
        var report = Check(new("gpu", "any", ""), PermissionSet.None, InvokePolicy.None);

        Assert.True(report.IsMet);
        Assert.Contains("gpu any", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SeveralUnmet_NamesEveryOneOnceOnOneLineEach()
    {
        SkillRequirement[] requirements = [new("fs", "/a/**", "rw"), new("http", "https://a.example/**", ""), new("fs", "/a/**", "rw"), new("env", "K\n\u001b[2J", "")];

        var report = RequirementCheck.Check(Describe(requirements), Manifest(PermissionSet.None, InvokePolicy.None), false);

        Assert.Equal(3, report.Unmet.Length);
        Assert.Equal("requirement 'fs /a/** rw' is not met: nothing in permissions.fs.dirs covers it; write permissions.fs.dirs: [\"/a:rw\"]", report.Unmet[0]);
        Assert.All(report.Unmet, text => Assert.DoesNotContain(text, char.IsControl));
    }

    private static void AssertMet(bool expected, SkillRequirement requirement, PermissionSet permissions) =>
        Assert.Equal(expected, Check(requirement, permissions, InvokePolicy.None).IsMet);

    private static RequirementReport Check(SkillRequirement requirement, PermissionSet permissions, InvokePolicy policy) =>
        RequirementCheck.Check(Describe(requirement), Manifest(permissions, policy), hasLanguageModel: false);

    private static Manifest Manifest(PermissionSet permissions, InvokePolicy policy) =>
        new(new SkillId("a-skill"), "a.yaml", "/a.wasm") { Permissions = permissions, InvokePolicy = policy };

    private static SkillDescriptor Describe(params SkillRequirement[] requirements) => new(new PackageId("a.b.c"), "", "", "", [], [.. requirements], 0);
}
