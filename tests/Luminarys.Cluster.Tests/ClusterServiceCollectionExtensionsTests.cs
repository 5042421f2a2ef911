using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Transfers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NSubstitute;

namespace Luminarys.Cluster.Tests;

public sealed class ClusterServiceCollectionExtensionsTests
{
    [Fact]
    public async Task AddMasterNode_WithoutBus_ServesOverTheLoopbackBus()
    {
        await using var provider = Services().AddMasterNode(options => options.NodeId = "m1").BuildServiceProvider(validateScopes: true);
        await using var master = provider.GetRequiredService<MasterNode>();

        Assert.Null(await master.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal("m1", provider.GetRequiredService<SkillRegistry>().Current.Nodes[0].Id.Value);
        var result = await provider.GetRequiredService<IInvoker>().InvokeAsync(
            new(CallId.New(TimeProvider.System), new("echo"), "echo", default, Caller.Edge, Deadline.Never), TestContext.Current.CancellationToken);
        Assert.True(result.IsSuccess);
    }

    [Fact]
    public async Task BothLanes_AreConnectionsOfTheirOwn_OnOneHub()
    {
        await using var provider = Services().AddSlaveNode(options => options.NodeId = "s1").BuildServiceProvider(validateScopes: true);

        Assert.NotSame(provider.GetKeyedService<IBus>(BusLane.Control), provider.GetKeyedService<IBus>(BusLane.Traffic));
        Assert.NotNull(provider.GetRequiredService<SlaveNode>());
    }

    [Fact]
    public async Task AddMasterNode_OwnBus_IsKept()
    {
        var bus = Substitute.For<IBus>();
        await using var provider = Services()
            .AddKeyedSingleton(BusLane.Control, bus)
            .AddMasterNode(_ => { })
            .BuildServiceProvider();

        Assert.Same(bus, provider.GetKeyedService<IBus>(BusLane.Control));
    }

    [Fact]
    public async Task MasterOptions_Bad_ListsEveryProblem()
    {
        await using var provider = Services()
            .AddMasterNode(options =>
            {
                options.ClusterId = "a.b";
                options.NodeId = "";
                options.HeartbeatInterval = TimeSpan.FromSeconds(70);
                options.NodeTtl = TimeSpan.FromSeconds(100);
                options.AcknowledgementWait = TimeSpan.Zero;
                options.SilenceLimit = TimeSpan.FromSeconds(5);
                options.EpochProbeWait = TimeSpan.FromMinutes(1);
                options.DrainLimit = TimeSpan.FromHours(1);
            })
            .BuildServiceProvider();

        var problems = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<MasterNode>()).Failures.ToList();

        string[] names = ["ClusterId", "NodeId", "HeartbeatInterval", "NodeTtl", "AcknowledgementWait", "SilenceLimit", "EpochProbeWait", "DrainLimit"];
        Assert.All(names, name => Assert.Contains(problems, problem => problem.StartsWith(name, StringComparison.Ordinal)));
        Assert.Equal(names.Length, problems.Count);
    }

    [Fact]
    public async Task NameOfAnOperator_IsNoNodesAndAnOperatorHasNoOther()
    {
        await using var provider = Services().AddSlaveNode(options => options.NodeId = "op-anna").AddTransferClient(options => options.Name = "anna").BuildServiceProvider();

        var ofNode = Assert.Single(Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<SlaveNode>()).Failures);
        var ofOperator = Assert.Single(Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<TransferClient>()).Failures);

        Assert.Contains("'op-anna' is reserved", ofNode, StringComparison.Ordinal);
        Assert.Contains("'anna' must begin with 'op-'", ofOperator, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddTransferClient_BesideAMaster_AsksIt()
    {
        await using var provider = Services().AddMasterNode(options => options.NodeId = "m1").BuildServiceProvider(validateScopes: true);
        await using var master = provider.GetRequiredService<MasterNode>();
        Assert.Null(await master.StartAsync(TestContext.Current.CancellationToken));
        var hub = provider.GetRequiredService<Luminarys.Cluster.Loopback.LoopbackHub>();
        await using var elsewhere = new ServiceCollection()
            .AddTransferClient(_ => { })
            .AddKeyedSingleton<IBus>(BusLane.Traffic, (_, _) => new Luminarys.Cluster.Loopback.LoopbackBus(hub))
            .BuildServiceProvider(validateScopes: true);
        var client = elsewhere.GetRequiredService<TransferClient>();
        Assert.Null(await client.StartAsync(TestContext.Current.CancellationToken));

        var (transfers, refusal) = await client.ListAsync(TestContext.Current.CancellationToken);
        var unknown = await client.CancelAsync(7, TestContext.Current.CancellationToken);
        var told = new List<TransferProgress>();
        var end = await client.CopyAsync(new(new("m1"), "/a"), new(new("gone"), "/b"), true, told.Add, TestContext.Current.CancellationToken);

        Assert.Empty(transfers);
        Assert.Null(refusal);
        Assert.Equal(TransferFault.NotFound, unknown?.Fault);
        Assert.Equal((TransferState.Ended, TransferFault.NoSuchNode, "no live node 'gone'"), (end.State, end.Fault, end.Text));
        Assert.Equal(end, told[^1]);
    }

    [Fact]
    public async Task SlaveOptions_Bad_ListsEveryProblem()
    {
        await using var provider = Services()
            .AddSlaveNode(options =>
            {
                options.MaxConcurrentCalls = 0;
                options.NodeIdRetryInterval = TimeSpan.Zero;
                options.NodeIdRetryLimit = TimeSpan.FromDays(1);
            })
            .BuildServiceProvider();

        var problems = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<SlaveNode>()).Failures.ToList();

        string[] names = ["NodeId ''", "MaxConcurrentCalls", "NodeIdRetryInterval", "NodeIdRetryLimit"];
        Assert.All(names, name => Assert.Contains(problems, problem => problem.StartsWith(name, StringComparison.Ordinal)));
        Assert.Equal(names.Length, problems.Count);
    }

    [Fact]
    public void Defaults_AreValid()
    {
        Assert.True(new MasterOptionsValidator().Validate(null, new()).Succeeded);
        Assert.True(new SlaveOptionsValidator().Validate(null, new() { NodeId = "a" }).Succeeded);
    }

    private static IServiceCollection Services()
    {
        var node = new TestNode(new TestCluster(), ["echo"]);
        return new ServiceCollection()
            .AddSingleton<ISkillRuntime>(node.Runtime)
            .AddSingleton<IManifestSource>(node)
            .AddSingleton<IEventPublisher>(node);
    }
}
