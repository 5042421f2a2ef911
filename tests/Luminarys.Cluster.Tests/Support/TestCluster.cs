using System.Collections.Concurrent;
using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Messaging;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Nodes on one loopback bus under one clock that only the test moves.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private readonly List<TestNode> _nodes = [];

    public LoopbackHub Hub { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>What stands between a node and the bus.</summary>
    public Func<IBus, IBus> Wire { get; set; } = bus => bus;

    /// <summary>How long nothing may wait before the clock moves on, in milliseconds: more where work takes long without waiting, such as signing.</summary>
    public int QuietRounds { get; set; } = 2;

    /// <summary>Changes the options of every master.</summary>
    public Action<MasterOptions>? ConfigureMaster { get; set; }

    public TestNode Master(string id = "master", string? state = null, params string[] skills) => Master((IStateStore?)null, id, state, skills);

    public TestNode Master(IStateStore? states, string id = "master", string? state = null, params string[] skills) =>
        Master(new MasterOptions { ClusterId = "test", NodeId = id, StateDirectory = state }, new TestNode(this, skills, states), null);

    public TestNode Master(MasterOptions options, ISignerTrust? signers, params string[] skills) => Master(options, new TestNode(this, skills), signers);

    private TestNode Master(MasterOptions options, TestNode node, ISignerTrust? signers)
    {
        options.ClusterId = "test";
        ConfigureMaster?.Invoke(options);
        var master = new MasterNode(options, node.Buses, node.Ports with { Signers = signers }, node.Registry, Time, NullLoggerFactory.Instance);
        (node.Start, node.Drain, node.Dispose, node.Faulted, node.Invoker) =
            (master.StartAsync, master.DrainAsync, master.DisposeAsync, master.Faulted, master.Invoker);
        _nodes.Add(node);
        return node;
    }

    public TestNode Slave(string id, params string[] skills) => Slave(id, null, skills);

    public TestNode Slave(string id, Action<SlaveOptions>? configure, params string[] skills)
    {
        var node = new TestNode(this, skills);
        var options = new SlaveOptions { ClusterId = "test", NodeId = id };
        configure?.Invoke(options);
        var slave = new SlaveNode(options, node.Buses, node.Ports, node.Registry, Time, NullLoggerFactory.Instance);
        (node.Start, node.Drain, node.Dispose, node.Faulted) = (slave.StartAsync, slave.DrainAsync, slave.DisposeAsync, slave.Faulted);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Lets time pass in small steps, with room for the nodes to act, until the condition holds.</summary>
    public async Task UntilAsync(Func<bool> condition, TimeSpan limit, string phase)
    {
        for (var passed = TimeSpan.Zero; !condition(); passed += s_step)
        {
            Assert.True(passed <= limit, $"did not happen within {limit}: {phase}");
            await StepAsync();
        }
    }

    /// <summary>Lets time pass in small steps.</summary>
    public async Task PassAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += s_step)
        {
            await StepAsync();
        }
    }

    /// <summary>Lets time pass until the task ends.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task, TimeSpan limit, string phase)
    {
        await UntilAsync(() => task.IsCompleted, limit, phase);
        return await task;
    }

    public async Task<NodeFault?> StartAsync(TestNode node) =>
        await UntilAsync(node.Start(TestContext.Current.CancellationToken).AsTask(), TimeSpan.FromSeconds(10), "a node started");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.KillAsync();
        }
    }

    // The clock is the test's; the work between two steps runs on the thread pool, which needs real time: more of it when the machine is busy.
    private async Task StepAsync()
    {
        Time.Advance(s_step);
        await SettleAsync();
    }

    private async Task SettleAsync()
    {
        for (var quiet = 0; quiet < QuietRounds;)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
            quiet = ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0;
        }
    }
}
