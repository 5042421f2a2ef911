using System.Collections.Immutable;
using Luminarys.Cluster;
using Luminarys.Files;
using Luminarys.Manifests;
using Luminarys.Manifests.Configuration;
using Luminarys.Mcp;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm;
using Luminarys.Storage.Sqlite;
using Luminarys.Transport.Nats;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Luminarys.Hosting;

public sealed class LuminarysConfigurationExtensionsTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lm-configuration-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void AddLuminarysNode_EveryKeyOfTheRuntime_ReachesItsOption()
    {
        var options = Read<WasmRuntimeOptions>(Configuration() with
        {
            Runtime = new()
            {
                CacheDirectory = "/cache",
                MemoryLimitMegabytes = 17,
                InvokeTimeout = TimeSpan.FromSeconds(18),
                MaxInstances = 19,
                AllowInsecureTls = true,
            },
            Log = new() { SkillLog = true },
            NetworkInternal = InternalNetworkRule.Deny,
            ArchiveLinks = ArchiveLinkRule.Skip,
            Shell = new() { Path = ["/opt/bin"], Isolation = ShellIsolation.Namespace },
            Http = new() { Address = new("10.1.2.3", 8081) },
            Trust = new() { Directory = "/keys/trust" },
            DatabasePath = Path.Combine(_root.FullName, "states.db"),
            Cluster = Cluster(NodeRole.Master),
        });

        Assert.Equal(
            ("/cache", 17, TimeSpan.FromSeconds(18), 19, true),
            (options.CacheDirectory, options.MemoryLimitMegabytes, options.InvokeTimeout, options.MaxInstances, options.AllowInsecureTls));
        Assert.Equal((true, true, true), (options.SkillLog, options.DenyInternalNetwork, options.SkipArchiveLinks));
        Assert.Equal(["/opt/bin"], options.ShellPath);
        Assert.Equal(ProgramIsolation.Namespace, options.ShellIsolation);
        Assert.Equal("/state", options.StateDirectory);
        Assert.All(
            ["10.1.2.3:8081", "localhost:8081", "bus.example:4333", "bus.example:4300", "relay.example:4300"],
            (string endpoint) => Assert.Contains(endpoint, options.OwnEndpoints));
        Assert.Equal(["/keys/node.pem", "/keys/tls.pem", "/keys/trust", Path.Combine(_root.FullName, "states.db")], options.OwnPaths.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(ShellIsolation.Automatic, ProgramIsolation.Landlock)]
    [InlineData(ShellIsolation.Landlock, ProgramIsolation.Landlock)]
    [InlineData(ShellIsolation.None, ProgramIsolation.None)]
    public void AddLuminarysNode_Isolation_ReachesTheRuntime(ShellIsolation configured, ProgramIsolation expected) =>
        Assert.Equal(expected, Read<WasmRuntimeOptions>(Configuration() with { Shell = new() { Isolation = configured } }).ShellIsolation);

    [Fact]
    public void AddLuminarysNode_NoStateDirectory_HasOneOfItsOwnForEachConfiguration()
    {
        var one = Read<WasmRuntimeOptions>(Configuration()).StateDirectory;
        var again = Read<WasmRuntimeOptions>(Configuration()).StateDirectory;
        var other = Read<WasmRuntimeOptions>(Configuration() with { Directory = "/elsewhere" }).StateDirectory;

        Assert.NotNull(one);
        Assert.Equal(one, again);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void AddLuminarysNode_EveryKeyOfTheCluster_ReachesTheMaster()
    {
        var options = Read<MasterOptions>(Configuration() with { Cluster = Cluster(NodeRole.Master) });

        Assert.Equal(
            ("c1", "n1", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(9), "/state", false),
            (options.ClusterId, options.NodeId, options.HeartbeatInterval, options.NodeTtl, options.StateDirectory, options.IsStandalone));
    }

    [Fact]
    public void AddLuminarysNode_EveryKeyOfTheCluster_ReachesTheSlave()
    {
        var options = Read<SlaveOptions>(Configuration() with { Cluster = Cluster(NodeRole.Slave) });

        Assert.Equal(
            ("c1", "n1", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(9), "/state"),
            (options.ClusterId, options.NodeId, options.HeartbeatInterval, options.NodeTtl, options.StateDirectory));
    }

    [Theory]
    [InlineData(DuplicateSkillRule.StickyFailover, DuplicateRule.StickyFailover)]
    [InlineData(DuplicateSkillRule.Balance, DuplicateRule.Balance)]
    [InlineData(DuplicateSkillRule.Error, DuplicateRule.Error)]
    public void AddLuminarysNode_RulesAboutNames_ReachTheMaster(DuplicateSkillRule written, DuplicateRule expected)
    {
        var accept = ImmutableDictionary<NodeId, ImmutableArray<string>>.Empty.Add(new("n2"), ["web-*"]);
        var cluster = Cluster(NodeRole.Master) with { Duplicates = written, Accept = accept, RequireKnownKeys = true, QualifiedTools = true };

        var options = Read<MasterOptions>(Configuration() with { Cluster = cluster });

        Assert.Equal((expected, true, BusSecurityLevel.SharedCredential), (options.Duplicates, options.RequireKnownKeys, options.BusSecurity));
        Assert.Same(accept, options.Accept);
        Assert.True(Read<McpEdgeOptions>(Configuration() with { Cluster = cluster }).QualifiedToolNames);
    }

    [Fact]
    public void AddLuminarysNode_EveryKeyOfTheBus_ReachesTheTransport()
    {
        var options = Read<NatsTransportOptions>(Configuration() with { Cluster = Cluster(NodeRole.Slave) });

        Assert.Equal(("nats://bus.example:4333", "luminarys c1/n1"), (options.Url, options.Name));
        Assert.Equal(("token", "user", "password"), (options.Token, options.User, options.Password));
        Assert.Equal((true, "/keys/ca.pem", "/keys/cert.pem", "/keys/tls.pem"), (options.TlsEnabled, options.CaFile, options.CertificateFile, options.KeyFile));
    }

    [Fact]
    public void AddLuminarysNode_NoCluster_IsAloneUnderALocalName()
    {
        var options = Read<MasterOptions>(Configuration());

        Assert.Equal(("local", "local", true), (options.ClusterId, options.NodeId, options.IsStandalone));
    }

    [Fact]
    public void AddLuminarysNode_EveryKeyOfTheEdge_ReachesIt()
    {
        var options = Read<McpEdgeOptions>(Configuration() with
        {
            Runtime = new() { InvokeTimeout = TimeSpan.FromSeconds(18) },
            Mcp = new() { ToolNames = ToolNameStyle.Upstream },
            Http = new()
            {
                Tokens = ["one", "two"],
                MaxBodyBytes = 4096,
                OAuth = new(new("https://id.example.com"), "skills", new("https://id.example.com/keys")),
            },
        });

        Assert.Equal((TimeSpan.FromSeconds(18), true, 4096L), (options.InvokeTimeout, options.UpstreamToolNames, options.MaxBodyBytes));
        Assert.Equal(["one", "two"], options.Tokens);
        Assert.Equal(
            ("https://id.example.com", "skills", "https://id.example.com/keys"),
            (options.OAuth?.Issuer?.OriginalString, options.OAuth?.Audience, options.OAuth?.KeySetUrl?.OriginalString));
    }

    [Fact]
    public void AddLuminarysNode_EveryKeyOfFiles_ReachesThem()
    {
        var options = Read<FileAccessOptions>(Configuration() with { FileSystem = new() { Durability = FileDurability.Fast, AllowHardLinks = false, UnsafePaths = true } });

        Assert.Equal((false, false, true), (options.IsDurable, options.AllowHardLinks, options.AllowUnsafePaths));
    }

    [Theory]
    [InlineData(null, "local")]
    [InlineData(NodeRole.Master, "n1")]
    [InlineData(NodeRole.Slave, "n1")]
    public void AddLuminarysNode_Database_HasTheNameOfTheNode(NodeRole? role, string node)
    {
        var path = Path.Combine(_root.FullName, "states.db");

        var options = Read<SqliteStateStoreOptions>(Configuration() with { DatabasePath = path, Cluster = role is { } some ? Cluster(some) : null });

        Assert.Equal((path, node), (options.Path, options.Node));
    }

    [Fact]
    public async Task AddLuminarysNode_Skills_AreDeployedFromTheirManifests()
    {
        var manifest = Path.Combine(_root.FullName, "echo.yaml");
        await File.WriteAllTextAsync(manifest, "id: echo\npath: /echo.wasm\n", TestContext.Current.CancellationToken);
        using var host = Build(services => services.AddLuminarysNode(Configuration() with { Skills = [manifest] }));

        var results = await host.Services.GetRequiredService<IManifestSource>().ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(manifest, Assert.Single(results).Source);
    }

    [Fact]
    public void AddLuminarysNode_SourceOfTheApplication_IsKept()
    {
        var own = new FileManifestSource([], new ManifestReader(_root.FullName, new Dictionary<string, string>()));

        using var host = Build(services => services.AddSingleton<IManifestSource>(own).AddLuminarysNode(Configuration()));

        Assert.Same(own, host.Services.GetRequiredService<IManifestSource>());
    }

    private static HostConfiguration Configuration() => new("host.yaml", "/etc/luminarys");

    private static ClusterConfiguration Cluster(NodeRole role) => new()
    {
        ClusterId = new("c1"),
        NodeId = new("n1"),
        Role = role,
        NatsUrl = "nats://bus.example:4333",
        Auth = new("token", "user", "password"),
        Tls = new() { Enabled = true, CaFile = "/keys/ca.pem", CertFile = "/keys/cert.pem", KeyFile = "/keys/tls.pem" },
        HeartbeatInterval = TimeSpan.FromSeconds(2),
        NodeTtl = TimeSpan.FromSeconds(9),
        StateDirectory = "/state",
        NodeKeyFile = "/keys/node.pem",
        Relay = new() { Port = 4300, AdvertisedHost = "relay.example" },
    };

    // What the application would read, without the checks of its start: some of the files are not there.
    private static TOptions Read<TOptions>(HostConfiguration configuration)
        where TOptions : class, new()
    {
        using var host = Build(services =>
        {
            services.AddLuminarysNode(configuration);
            foreach (var check in services.Where(service => service.ServiceType.IsGenericType && service.ServiceType.GetGenericTypeDefinition() == typeof(IValidateOptions<>)).ToArray())
            {
                services.Remove(check);
            }
        });
        return host.Services.GetRequiredService<IOptions<TOptions>>().Value;
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        return builder.Build();
    }
}
