using System.Text.RegularExpressions;
using Luminarys.Manifests.Configuration;
using Luminarys.Manifests.Sections;
using Luminarys.Nodes;
using Luminarys.Permissions;
using Microsoft.Extensions.Logging;

namespace Luminarys.Manifests.Tests;

public sealed class HostConfigurationReaderTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    public static TheoryData<string> HostFixtures => Fixtures.In("host");

    public static TheoryData<string> ClusterFixtures => Fixtures.In("clustering");

    [Theory]
    [MemberData(nameof(HostFixtures))]
    [MemberData(nameof(ClusterFixtures))]
    public void Read_Fixture_ReportsExactlyTheProblemsItNames(string file)
    {
        var result = ReadFixture(file);

        Fixtures.AssertProblems(file, result.Problems);
        Assert.Equal(result.Problems.Any(p => p.Severity == ConfigurationSeverity.Error), result.Configuration is null);
    }

    [Fact]
    public void Read_EmptyFile_GivesTheDocumentedDefaults()
    {
        var configuration = ReadFixture("host/empty.yaml").Configuration!;

        Assert.Equal("host/empty.yaml", configuration.Source);
        Assert.Equal(Path.Combine(Fixtures.Directory, "host"), configuration.Directory);
        Assert.Null(configuration.Http);
        Assert.Null(configuration.Cluster);
        Assert.Equal(new RuntimeConfiguration(), configuration.Runtime);
        Assert.Equal(64, configuration.Runtime.MemoryLimitMegabytes);
        Assert.Equal(TimeSpan.FromMinutes(15), configuration.Runtime.InvokeTimeout);
        Assert.Equal(1, configuration.Runtime.MaxInstances);
        Assert.Equal(new LogConfiguration { Level = LogLevel.Information, Stderr = true }, configuration.Log);
        Assert.Equal(Path.Combine(Fixtures.Directory, "host", "luminarys.db"), configuration.DatabasePath);
        Assert.Empty(configuration.Skills);
        Assert.Equal(ToolNameStyle.Default, configuration.Mcp.ToolNames);
    }

    [Fact]
    public void Read_EveryKeyAtItsDefault_EqualsTheDefaults()
    {
        var written = ReadFixture("host/every-key-at-its-default.yaml").Configuration!;
        var silent = ReadFixture("host/empty.yaml").Configuration!;

        Assert.Equal(new HttpConfiguration(), written.Http);
        Assert.Equal(silent.Runtime, written.Runtime);
        Assert.Equal(silent.Log, written.Log);
        Assert.Equal(silent.Mcp, written.Mcp);
        Assert.Equal(silent.Shell.Path, written.Shell.Path);
        Assert.Equal(silent.Shell.Isolation, written.Shell.Isolation);
        Assert.Equal(silent.FileSystem, written.FileSystem);
        Assert.Equal(silent.Trust, written.Trust);
        Assert.Equal(Path.Combine(Fixtures.Directory, "host", "trust"), written.Trust.Directory);
        Assert.Equal(silent.DatabasePath, written.DatabasePath);
        var cluster = written.Cluster!;
        Assert.Equal(new ClusterRelay { Embedded = true }, cluster.Relay);
        Assert.Equal(new ClusterTls(), cluster.Tls);
        Assert.Equal(new ClusterAuthentication(null, null, null), cluster.Auth);
        Assert.Equal(ClusterFileTransfer.None, cluster.FileTransfer);
    }

    [Fact]
    public void Read_PublishedMaster_BringsEveryValueAcross()
    {
        var configuration = ReadFixture("clustering/master.yaml").Configuration!;
        var cluster = configuration.Cluster!;

        Assert.Equal(new ListenAddress("", 8080), configuration.Http!.Address);
        Assert.Equal([Fixtures.Token], configuration.Http.Tokens);
        Assert.Equal(Path.Combine(Fixtures.Directory, "cache"), configuration.Runtime.CacheDirectory);
        Assert.Equal(Path.Combine(Fixtures.Directory, "data", "master.db"), configuration.DatabasePath);
        Assert.Equal(["config/skills/echo.yaml", "config/skills/fs.yaml"], configuration.Skills);
        Assert.Equal(new ClusterId("production"), cluster.ClusterId);
        Assert.Equal(new NodeId("master"), cluster.NodeId);
        Assert.Equal(NodeRole.Master, cluster.Role);
        Assert.Equal("nats://nats.internal:4222", cluster.NatsUrl);
        Assert.Equal("nats-token-of-the-environment", cluster.Auth.Token);
        Assert.Equal(TimeSpan.FromSeconds(5), cluster.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(15), cluster.NodeTtl);
        Assert.True(cluster.Tls.Enabled);
        Assert.Equal(Path.Combine(Fixtures.Directory, "tls", "key.pem"), cluster.Tls.KeyFile);
        Assert.Equal(["*"], cluster.FileTransfer.AllowedNodes);
        Assert.Equal([new DirectoryGrant("/data", AccessMode.ReadWrite)], cluster.FileTransfer.LocalDirectories);
    }

    [Fact]
    public void Read_PublishedSlave_ServesNoHttp()
    {
        var configuration = ReadFixture("clustering/slave.yaml").Configuration!;

        Assert.Null(configuration.Http);
        Assert.Equal(NodeRole.Slave, configuration.Cluster!.Role);
        Assert.False(configuration.Cluster.Relay.Embedded);
    }

    [Fact]
    public void Read_SlaveWithHttp_DropsTheSection() => Assert.Null(ReadFixture("host/slave-with-http.yaml").Configuration!.Http);

    [Fact]
    public void Read_EmptyTokens_AreLeftOut() =>
        Assert.Equal([Fixtures.Token], ReadFixture("host/token-empty-beside-another.yaml").Configuration!.Http!.Tokens);

    [Fact]
    public void Read_ClusterSwitchedOff_IsNull() => Assert.Null(ReadFixture("host/cluster-switched-off.yaml").Configuration!.Cluster);

    [Fact]
    public void Read_AliasOfAKey_FillsTheKey()
    {
        var configuration = ReadText("http: { cors_origins: [\"https://a.example\"] }").Configuration!;

        Assert.Equal(["https://a.example"], configuration.Http!.AllowedOrigins);
    }

    [Fact]
    public void UpcomingKeys_AllOfThem_AreKnownToTheReaderAndShownInTheFixtures()
    {
        var fixtures = File.ReadAllText(Path.Combine(Fixtures.Directory, "host/upcoming-keys.yaml"))
            + File.ReadAllText(Path.Combine(Fixtures.Directory, "host/aliases.yaml"));
        var shown = Regex.Matches(fixtures, @"#! warning (\S+) \|").Select(match => match.Groups[1].Value);

        Assert.Equal(UpcomingKeys.Host.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_UnknownKeysAsErrors_RefusesOnlyThose()
    {
        var reader = new HostConfigurationReader(Fixtures.Directory, Fixtures.Variables) { UnknownKeys = ConfigurationSeverity.Error };

        Assert.Null(reader.Read("host/unknown-key-at-the-top.yaml").Configuration);
        Assert.NotNull(reader.Read("host/upcoming-keys.yaml").Configuration);
    }

    [Fact]
    public void Read_MissingFile_SaysWhereItLooked()
    {
        var problem = Assert.Single(ReadFixture("host/none.yaml").Problems);

        Assert.Equal(ConfigurationSeverity.Error, problem.Severity);
        Assert.Equal("host/none.yaml", problem.File);
        Assert.Contains(Path.Combine(Fixtures.Directory, "host", "none.yaml"), problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Directory_IsAProblemNotAnException() => Assert.Null(ReadFixture("host").Configuration);

    [Fact]
    public void Read_EnvironmentFiles_LaterWinsAndTheRealEnvironmentWinsOverBoth()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("conf/.env", "A=env\nB=env\nC=env\n");
        directory.Write("conf/.env.local", "B=local\nC=local\n");
        var file = directory.Write("conf/host.yaml", "skills: [\"${A}\", \"${B}\", \"${C}\"]\n");

        var result = new HostConfigurationReader(directory.FullPath, new Dictionary<string, string> { ["C"] = "real" }).Read(file);

        Assert.Equal(["env", "local", "real"], result.Configuration!.Skills);
        Assert.Equal("local", result.Configuration.Variables["B"]);
        Assert.Equal("real", result.Configuration.Variables["C"]);
    }

    [Fact]
    public void Read_EnvironmentFileOfTheWorkingDirectory_IsNotRead()
    {
        using var directory = new TemporaryDirectory();
        directory.Write(".env", "A=wrong\n");
        var file = directory.Write("conf/host.yaml", "skills: [\"${A:-none}\"]\n");

        Assert.Equal(["none"], new HostConfigurationReader(directory.FullPath, NoEnvironment).Read(file).Configuration!.Skills);
    }

    [Fact]
    public void Read_NameOfAnOperator_IsTakenForHisCommandsOnly()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("host.yaml", "cluster: { enabled: true, cluster_id: a, node_id: op-anna, role: slave, nats_url: 'nats://127.0.0.1' }\n");

        Assert.Equal("op-anna", new HostConfigurationReader(directory.FullPath, NoEnvironment) { IsForOperator = true }.Read(file).Configuration?.Cluster?.NodeId.Value);
        Assert.Contains("is reserved", Assert.Single(new HostConfigurationReader(directory.FullPath, NoEnvironment).Read(file).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BadLineInAnEnvironmentFile_IsAWarningWithoutItsText()
    {
        using var directory = new TemporaryDirectory();
        var env = directory.Write(".env", "GOOD=1\nhunter2\n");
        var file = directory.Write("host.yaml", "");

        var problem = Assert.Single(new HostConfigurationReader(directory.FullPath, NoEnvironment).Read(file).Problems);

        Assert.Equal((env, 2, ConfigurationSeverity.Warning), (problem.File, problem.Line, problem.Severity));
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadDefaults_NoFile_ServesHttpAndKeepsStateInMemory()
    {
        using var directory = new TemporaryDirectory();
        directory.Write(".env", "A=1\n");

        var configuration = new HostConfigurationReader(directory.FullPath, NoEnvironment).ReadDefaults().Configuration!;

        Assert.Equal(new ListenAddress("", 8080), configuration.Http!.Address);
        Assert.Null(configuration.DatabasePath);
        Assert.Equal("1", configuration.Variables["A"]);
        Assert.Equal(directory.FullPath, configuration.Directory);
    }

    [Theory]
    [InlineData("':8080'", "", 8080)]
    [InlineData("localhost:0", "localhost", 0)]
    [InlineData("127.0.0.1:65535", "127.0.0.1", 65535)]
    [InlineData("'[::1]:80'", "::1", 80)]
    [InlineData("'[::]:80'", "::", 80)]
    public void Read_ListenAddress_IsSplit(string text, string host, int port) =>
        Assert.Equal(new ListenAddress(host, port), ReadText($"http: {{ addr: {text} }}").Configuration!.Http!.Address);

    [Theory]
    [InlineData("8080")]
    [InlineData("'::1:80'")]
    [InlineData("'[127.0.0.1]:80'")]
    [InlineData("'a b:80'")]
    [InlineData("'host:'")]
    [InlineData("'host:-1'")]
    [InlineData("'http://host:80'")]
    public void Read_BadListenAddress_IsRefused(string text)
    {
        var problem = Assert.Single(ReadText($"http: {{ addr: {text} }}").Problems);

        Assert.Equal(("http.addr", 1), (problem.Key, problem.Line));
    }

    [Fact]
    public void Read_SecretsInBadPlaces_AreNeverPartOfAMessage()
    {
        const string Text = """
            http: { auth: { tokens: [["hunter2"], { a: hunter2 }, "hun ter2"] } }
            cluster:
              auth: { token: [hunter2], user: { hunter2: 1 }, password: "hunter2" }
              relay: { secret: [hunter2] }
              nats_url: "hunter2@host"
            """;

        var result = ReadText(Text);

        Assert.True(result.Problems.Length >= 6);
        Assert.All(result.Problems, problem =>
        {
            Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hun ter2", problem.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void ToString_OfAConfiguration_ShowsNoSecret()
    {
        var text = ReadText("""
            http: { auth: { tokens: [hunter2] } }
            cluster:
              enabled: true
              cluster_id: c
              node_id: n
              role: master
              nats_url: nats://user:hunter2@host
              auth: { user: u, password: hunter2 }
              relay: { secret: hunter2 }
            """).Configuration!;

        Assert.Equal("hunter2", text.Cluster!.Relay.Secret);
        Assert.DoesNotContain("hunter2", $"{text} {text.Cluster} {text.Cluster.Auth} {text.Cluster.Relay} {text.Http}", StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WindowsLineEndingsAndByteOrderMark_KeepTheLineNumbers()
    {
        var problem = Assert.Single(ReadText("\uFEFFlog:\r\n  level: info\r\n  stderr: maybe\r\n").Problems);

        Assert.Equal(3, problem.Line);
    }

    [Fact]
    public void Read_ValueWithLineBreaks_KeepsTheLineNumbersBelowIt()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("host.yaml", "skills: [\"${LINES}\"]\nlog: { level: loud }\n");

        var result = new HostConfigurationReader(directory.FullPath, new Dictionary<string, string> { ["LINES"] = "a\n b\n c" }).Read(file);

        Assert.Equal(2, Assert.Single(result.Problems).Line);
    }

    [Fact]
    public void Read_FileThatIsNotUtf8_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.FullPath, "host.yaml");
        File.WriteAllBytes(file, [0x6C, 0x6F, 0x67, 0xFF, 0xFE]);

        var problem = Assert.Single(new HostConfigurationReader(directory.FullPath, NoEnvironment).Read(file).Problems);

        Assert.Contains("UTF-8", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileOverOneMebibyte_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("host.yaml", new string('#', (1024 * 1024) + 1));

        Assert.Null(new HostConfigurationReader(directory.FullPath, NoEnvironment).Read(file).Configuration);
    }

    private static HostConfigurationResult ReadFixture(string file) =>
        new HostConfigurationReader(Fixtures.Directory, Fixtures.Variables).Read(file);

    private static HostConfigurationResult ReadText(string text)
    {
        using var directory = new TemporaryDirectory();
        return new HostConfigurationReader(directory.FullPath, NoEnvironment).Read(directory.Write("host.yaml", text));
    }
}
