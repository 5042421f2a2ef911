using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Manifests.Tests;

public sealed class ManifestReaderTests
{
    public static TheoryData<string> SkillFixtures => Fixtures.In("skill");

    [Theory]
    [MemberData(nameof(SkillFixtures))]
    public void Read_Fixture_ReportsExactlyTheProblemsItNames(string file)
    {
        var result = ReadFixture(file);

        Fixtures.AssertProblems(file, result.Problems);
        Assert.Equal(file, result.Source);
        Assert.Equal(result.Problems.Any(p => p.Severity == ConfigurationSeverity.Error), result.Manifest is null);
    }

    [Fact]
    public void Read_SmallestManifest_GrantsNothing()
    {
        var manifest = Read("smallest");

        Assert.Equal(new SkillId("a-skill"), manifest.Id);
        Assert.Equal("skill/smallest.yaml", manifest.Source);
        Assert.Equal(Path.Combine(Fixtures.Directory, "a.skill"), manifest.PackagePath);
        Assert.Equal(PermissionSet.None, manifest.Permissions with { Environment = PermissionSet.None.Environment });
        Assert.Empty(manifest.Permissions.Environment);
        Assert.Equal(InvokePolicy.None, manifest.InvokePolicy);
        Assert.Equal(McpMapping.Default, manifest.Mcp);
        Assert.Equal(SkillLimits.Default, manifest.Limits);
        Assert.Empty(manifest.Methods);
        Assert.Null(manifest.Description);
        Assert.Null(manifest.Digest);
        Assert.Equal(ValueSharing.Private, manifest.Kv);
    }

    [Fact]
    public void Read_EveryKey_BringsEveryValueAcross()
    {
        var manifest = Read("every-key");
        var permissions = manifest.Permissions;

        Assert.Equal(Path.Combine(Fixtures.Directory, "skills", "fs.skill"), manifest.PackagePath);
        Assert.Equal("Files below /data", manifest.Description);
        Assert.Equal(
            [
                new DirectoryGrant("/data", AccessMode.ReadWrite),
                new DirectoryGrant("/config", AccessMode.ReadOnly),
                new DirectoryGrant($"{Fixtures.Directory}/work/{{a,b}}/*", AccessMode.ReadWrite),
            ],
            permissions.Directories);
        Assert.Equal(["https://api.example.com/**"], permissions.Http!.Allowlist);
        Assert.Equal((2048, true), (permissions.Http.MaxResponseBytes, permissions.Http.AllowWebSocket));
        Assert.Equal(["redis.internal:6379", "10.0.0.*:*"], permissions.Tcp!.Allowlist);
        Assert.False(permissions.Tcp.InternalAddresses);
        Assert.Equal(["git **"], permissions.Shell!.Allowlist);
        Assert.Equal(["/data"], permissions.Shell.AllowedDirectories);
        Assert.Equal(["*"], permissions.FileTransfer!.AllowedNodes);
        Assert.Equal([new DirectoryGrant("/data", AccessMode.ReadWrite)], permissions.FileTransfer.LocalDirectories);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["API_KEY"] = Fixtures.Token, ["RETRIES"] = "3", ["DEBUG"] = "true", ["RATIO"] = "0.50", ["NOTHING"] = "",
            },
            permissions.Environment);
        Assert.Equal(["API_KEY"], manifest.Secrets);
        Assert.Equal(ValueSharing.Shared, manifest.Kv);
        Assert.Equal(["echo-skill", "go-*"], manifest.InvokePolicy.CanInvoke);
        Assert.Equal(["*"], manifest.InvokePolicy.CanBeInvokedBy);
        Assert.Equal(McpMappingKind.PerSkill, manifest.Mcp.Kind);
        Assert.Equal(["files.read", "files:write"], manifest.Mcp.Scopes);
        Assert.True(manifest.Mcp.Exposes("read"));
        Assert.False(manifest.Mcp.Exposes("raw"));
        Assert.False(manifest.Mcp.Exposes("other"));
        Assert.Equal(new SkillLimits(4, 600, 128, 2, TimeSpan.FromSeconds(90)), manifest.Limits);
        Assert.Equal(new MethodSettings(true, true, false, false, "Read a file"), manifest.Methods["read"]);
        Assert.Equal(new MethodSettings(), manifest.Methods["raw"]);
        Assert.Equal("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", manifest.Digest!.Value.Hex);
    }

    [Fact]
    public void Read_SectionsWithoutEnabled_GrantNothing()
    {
        var permissions = Read("section-without-enabled").Permissions;

        Assert.Empty(permissions.Directories);
        Assert.Null(permissions.Http);
        Assert.Null(permissions.Tcp);
        Assert.Null(permissions.Shell);
        Assert.Null(permissions.FileTransfer);
    }

    [Fact]
    public void Read_ShellWithoutAllowlist_DeniesEveryCommand() =>
        Assert.Empty(Read("shell-without-allowlist").Permissions.Shell!.Allowlist);

    [Fact]
    public void Read_ShellDirectories_ComeFromFsOrAreEverywhere()
    {
        Assert.Equal(["/data", "/config"], Read("shell-dirs-from-fs").Permissions.Shell!.AllowedDirectories);
        Assert.Equal(["**"], Read("shell-empty-allowlist").Permissions.Shell!.AllowedDirectories);
    }

    [Fact]
    public void Read_TcpWithoutAllowlist_GrantsInternalAddresses() =>
        Assert.Equal(new TcpPermission([], InternalAddresses: true), Read("tcp-empty-allowlist").Permissions.Tcp);

    [Fact]
    public void Read_HttpWithoutALimit_IsOneMebibyte() =>
        Assert.Equal(1024 * 1024, Read("http-pattern-without-scheme").Permissions.Http!.MaxResponseBytes);

    [Fact]
    public void Read_DirectoryEntries_SplitAtTheLastColonWithAMode() => Assert.Equal(
        [new DirectoryGrant("/a:b", AccessMode.ReadWrite), new DirectoryGrant("/a:rw", AccessMode.ReadOnly)],
        Read("dir-with-colons").Permissions.Directories);

    [Fact]
    public void Read_FsRoot_IsOneWritableDirectory() =>
        Assert.Equal([new DirectoryGrant("/data", AccessMode.ReadWrite)], Read("fs-root").Permissions.Directories);

    [Fact]
    public void Read_DirectoryWithoutMode_IsReadOnly() =>
        Assert.Equal([new DirectoryGrant("/data", AccessMode.ReadOnly)], Read("dir-without-mode").Permissions.Directories);

    [Fact]
    public void Read_UnsetVariables_BecomeEmptyTexts()
    {
        var environment = Read("env-unset-variable").Permissions.Environment;

        Assert.Equal(("", "", "text", ""), (environment["QUOTED"], environment["PLAIN"], environment["DEFAULT"], environment["EMPTY"]));
    }

    [Fact]
    public void Read_WorkingDirectoryWithPatternCharacters_IsTakenLiterally()
    {
        using var directory = new TemporaryDirectory();
        var working = Path.Combine(directory.FullPath, "a[1]{x}");
        var file = directory.Write(
            "m.yaml", "id: a\npath: p\npermissions: { fs: { enabled: true, dirs: [\"*/src:ro\", \"../up:ro\", \"./plain/:ro\"] } }\n");

        var grants = new ManifestReader(working, Fixtures.Variables).Read(file).Manifest!.Permissions.Directories;

        Assert.Equal(
            [$@"{directory.FullPath}/a\[1\]\{{x\}}/*/src", $"{directory.FullPath}/up", $@"{directory.FullPath}/a\[1\]\{{x\}}/plain"],
            grants.Select(grant => grant.Pattern));
    }

    [Fact]
    public void Read_AbsolutePackagePath_StaysAsItIs()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("m.yaml", "id: a\npath: /opt/a.skill\npermissions: {}\n");

        Assert.Equal("/opt/a.skill", new ManifestReader(directory.FullPath, Fixtures.Variables).Read(file).Manifest!.PackagePath);
    }

    [Fact]
    public void Read_UnknownKeysAsErrors_LoadsNothing()
    {
        var reader = new ManifestReader(Fixtures.Directory, Fixtures.Variables) { UnknownKeys = ConfigurationSeverity.Error };

        Assert.Null(reader.Read("skill/unknown-keys.yaml").Manifest);
    }

    private static Manifest Read(string name) => ReadFixture($"skill/{name}.yaml").Manifest!;

    private static ManifestResult ReadFixture(string file) => new ManifestReader(Fixtures.Directory, Fixtures.Variables).Read(file);
}
