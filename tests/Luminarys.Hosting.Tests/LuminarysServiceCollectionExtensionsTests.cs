using Luminarys.Cluster;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Manifests.Configuration;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Runtime.Wasm;
using Luminarys.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Luminarys.Hosting;

public sealed class LuminarysServiceCollectionExtensionsTests
{
    [Fact]
    public void AddLuminarysMaster_Alone_BuildsWithScopeValidation()
    {
        using var host = Build(services => services.AddLuminarysMaster());

        Assert.NotNull(host.Services.GetRequiredService<IInvoker>());
        Assert.NotNull(host.Services.GetRequiredService<SkillRegistry>());
        Assert.NotNull(host.Services.GetRequiredService<MasterNode>());
    }

    [Fact]
    public void AddLuminarysSlave_Alone_BuildsWithScopeValidation()
    {
        using var host = Build(services => services.AddLuminarysSlave(options => options.NodeId = "slave-1"));

        Assert.NotNull(host.Services.GetRequiredService<SlaveNode>());
    }

    [Fact]
    public void AddLuminarysMaster_ServiceRegisteredBefore_IsKept()
    {
        var events = new RecordedEvents();

        using var host = Build(services => services.AddSingleton<IEventPublisher>(events).AddLuminarysMaster());

        Assert.Same(events, host.Services.GetRequiredService<IEventPublisher>());
    }

    [Fact]
    public async Task AddLuminarysMaster_BadOptions_FailsAtStartAndNamesEachProblem()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddLuminarysMaster(options =>
        {
            options.NodeId = "not a node id";
            options.NodeTtl = options.HeartbeatInterval;
        }).UseWasm(options => options.MemoryLimitMegabytes = 0);
        using var host = builder.Build();

        var problems = await CaughtAsync(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("NodeId", problems, StringComparison.Ordinal);
        Assert.Contains("NodeTtl", problems, StringComparison.Ordinal);
        Assert.Contains("MemoryLimitMegabytes", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void UseSqlite_Master_KeepsStatesInTheFile()
    {
        var directory = Directory.CreateTempSubdirectory("lm-hosting-");
        var path = Path.Combine(directory.FullName, "states.db");
        try
        {
            using (var host = Build(services => services.AddLuminarysMaster().UseSqlite(path)))
            {
                Assert.IsNotType<MemoryStateStore>(host.Services.GetRequiredService<IStateStore>());
                Assert.True(File.Exists(path));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AddLuminarysNode_DatabasePath_DecidesTheStore(bool hasPath)
    {
        var directory = Directory.CreateTempSubdirectory("lm-hosting-");
        var path = Path.Combine(directory.FullName, "states.db");
        try
        {
            using (var host = Build(services => services.AddLuminarysNode(new HostConfiguration("", directory.FullName) { DatabasePath = hasPath ? path : null })))
            {
                Assert.Equal(hasPath, host.Services.GetRequiredService<IStateStore>() is not MemoryStateStore);
                Assert.Equal(hasPath, File.Exists(path));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void AddLuminarysMaster_Alone_TrustsNoFolderAndTakesAnyKey()
    {
        using var host = Build(services => services.AddLuminarysMaster());

        Assert.Null(host.Services.GetService<ITrustSource>());
        Assert.False(OptionsOf(host).OnlyTrustedPackages);
        Assert.False(OptionsOf(host).RequireRevocationList);
    }

    [Theory]
    [InlineData(SkillsTrustRule.Any, RevocationRule.Optional)]
    [InlineData(SkillsTrustRule.Listed, RevocationRule.Required)]
    public void AddLuminarysNode_Trust_ReachesTheRuntime(SkillsTrustRule skills, RevocationRule revocation)
    {
        var trust = new TrustConfiguration { Skills = skills, Revocation = revocation, Directory = Path.Combine(Path.GetTempPath(), "no-such-trust") };

        using var host = Build(services => services.AddLuminarysNode(new HostConfiguration("", Path.GetTempPath()) { Trust = trust }));

        Assert.Equal(trust.Directory, Assert.IsType<TrustFolderReader>(host.Services.GetRequiredService<ITrustSource>()).Directory);
        Assert.Equal(skills == SkillsTrustRule.Listed, OptionsOf(host).OnlyTrustedPackages);
        Assert.Equal(revocation == RevocationRule.Required, OptionsOf(host).RequireRevocationList);
    }

    private static WasmRuntimeOptions OptionsOf(IHost host) => host.Services.GetRequiredService<IOptions<WasmRuntimeOptions>>().Value;

    // In development the container is validated: every service constructible, no scoped service in a singleton.
    private static IHost Build(Action<IServiceCollection> add)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        add(builder.Services);
        return builder.Build();
    }

    private static async Task<string> CaughtAsync(Func<Task> act)
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(act);
        return exception is AggregateException all
            ? string.Join('\n', all.InnerExceptions.Select(inner => inner.Message))
            : Assert.IsType<OptionsValidationException>(exception).Message;
    }
}
