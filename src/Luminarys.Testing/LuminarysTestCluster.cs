using Luminarys.Cluster.Loopback;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Testing;

/// <summary>
/// A master and slaves in this process, on a bus of their own, for tests of skills and of applications: call skills through the cluster, and break it
/// meanwhile. Made by <see cref="LuminarysTestClusterBuilder"/>. Faults and calls may come from several threads; starting and ending of nodes from one.
/// </summary>
public sealed class LuminarysTestCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TestSurroundings _around;
    private readonly VirtualTime? _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<NodeId, ClusterMember> _members = [];

    internal LuminarysTestCluster(VirtualTime? time, ILoggerFactory loggers)
    {
        _time = time;
        _around = new(new LoopbackHub(loggers), time ?? TimeProvider.System, loggers, Directory.CreateTempSubdirectory("luminarys-test-").FullName);
    }

    /// <summary>The cluster's clock. Deadlines of calls are measured on it.</summary>
    public TimeProvider Time => _around.Time;

    /// <summary>The master's registry: which skills there are, and where. Empty while the master does not run.</summary>
    public RegistrySnapshot Registry => Master.Registry;

    /// <summary>The tools that clients would see now: <c>skill__method</c>, in order.</summary>
    public IReadOnlyList<string> Tools =>
    [
        .. Registry.Entries.SelectMany(entry => entry.Skill.Descriptor.Methods
            .Where(method => !method.IsHidden && !method.IsCallback)
            .Select(method => $"{entry.Skill.Id}__{method.Name}")).Order(StringComparer.Ordinal),
    ];

    private ClusterMember Master => _members.Values.First(member => member.Role == NodeRole.Master);

    /// <summary>Calls a method of a skill, wherever it is, as a client would; the call may take a minute.</summary>
    /// <param name="skill">Skill.</param>
    /// <param name="method">Method.</param>
    /// <param name="arguments">One MessagePack map; empty for none.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="FormatException">The name is not a skill id.</exception>
    /// <exception cref="InvalidOperationException">The master does not run.</exception>
    public Task<InvocationResult> InvokeAsync(string skill, string method, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken) => InvokeAsync(
        new Invocation(CallId.New(Time), new SkillId(skill), method, arguments, new(CallerKind.Edge, default), Deadline.After(s_limit, Time)), cancellationToken);

    /// <summary>Runs a call.</summary>
    /// <exception cref="InvalidOperationException">The master does not run.</exception>
    public async Task<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var invoker = Master.Invoker ?? throw new InvalidOperationException("The master does not run.");
        var call = invoker.InvokeAsync(invocation, cancellationToken).AsTask();
        await DriveAsync(call).ConfigureAwait(false);
        return await call.ConfigureAwait(false);
    }

    /// <summary>Waits until the cluster has at least these tools, at most a minute of the cluster's time.</summary>
    /// <param name="tools">Names of the form <c>skill__method</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It does not.</exception>
    public Task WaitForToolsAsync(IReadOnlyCollection<string> tools, CancellationToken cancellationToken) =>
        WaitForAsync(_ => !tools.Except(Tools, StringComparer.Ordinal).Any(), $"the tools {string.Join(", ", tools)}", cancellationToken);

    /// <summary>Waits until the master's registry is as wanted, at most a minute of the cluster's time.</summary>
    /// <param name="condition">What is wanted of the registry, or of anything else.</param>
    /// <param name="phase">What is waited for, for the exception.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It does not come to that.</exception>
    public async Task WaitForAsync(Func<RegistrySnapshot, bool> condition, string phase, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var begun = Time.GetTimestamp();
        while (!condition(Registry))
        {
            if (Time.GetElapsedTime(begun) > s_limit)
            {
                throw new TimeoutException($"This did not happen within {s_limit.TotalSeconds} s: {phase}. The cluster has {string.Join(", ", Tools)}.");
            }

            await StepAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets time pass.</summary>
    public async Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var begun = Time.GetTimestamp();
        while (Time.GetElapsedTime(begun) < time)
        {
            await StepAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Cuts the node's connections to the bus. The node notices; the others do not.</summary>
    /// <exception cref="ArgumentException">There is no such node. So for all faults.</exception>
    public void CutOff(string node) => Find(node).SetCut(true);

    /// <summary>
    /// Lets nothing through in one direction, though the connections seem to stand: nobody notices. What was held back arrives, late and in order, after
    /// <see cref="Heal"/>.
    /// </summary>
    public void Stall(string node, StallDirection direction) => Find(node).SetStalled(direction, true);

    /// <summary>Ends what <see cref="CutOff"/> and <see cref="Stall"/> began.</summary>
    public void Heal(string node)
    {
        var member = Find(node);
        member.SetStalled(StallDirection.IntoNode, false);
        member.SetStalled(StallDirection.OutOfNode, false);
        member.SetCut(false);
    }

    /// <summary>
    /// Stops the node as a stopped process (SIGSTOP): its connections stand, nothing goes in or out, no timer of its host runs. Code of a script that is
    /// running goes on: it is the test's own.
    /// </summary>
    public void Pause(string node)
    {
        var member = Find(node);
        member.StopTime();
        member.SetStalled(StallDirection.IntoNode, true);
        member.SetStalled(StallDirection.OutOfNode, true);
    }

    /// <summary>Lets a paused node go on, with everything that came meanwhile.</summary>
    public void Resume(string node)
    {
        Find(node).GoOn();
        Heal(node);
    }

    /// <summary>Ends the node as a killed process ends: without a word. What it kept (states, values, its numbers) it finds again after <see cref="RestartAsync"/>.</summary>
    public Task CrashAsync(string node) => DriveAsync(Find(node).EndAsync());

    /// <summary>Stops the node as an operator does: it takes no new calls, ends those that run, and leaves.</summary>
    public Task StopAsync(string node, CancellationToken cancellationToken) => DriveAsync(Find(node).StopAsync(cancellationToken));

    /// <summary>Starts a node that has crashed or was stopped; one that runs crashes first.</summary>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public async Task RestartAsync(string node, CancellationToken cancellationToken)
    {
        var member = Find(node);
        await DriveAsync(member.EndAsync()).ConfigureAwait(false);
        await DriveAsync(member.StartAsync(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Ends all nodes and removes what they kept.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.Values.OrderByDescending(member => member.Role))
        {
            await DriveAsync(member.DisposeAsync().AsTask()).ConfigureAwait(false);
        }

        _members.Clear();
        _turn.Dispose();
        Directory.Delete(_around.Folder, recursive: true);
    }

    internal void Add(NodeId id, NodeRole role, TestNodeBuilder skills, FaultSettings faults) => _members.Add(id, new(id, role, skills, faults, _around));

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var member in _members.Values)
        {
            await DriveAsync(member.StartAsync(cancellationToken)).ConfigureAwait(false);
        }

        var slaves = _members.Where(pair => pair.Value.Role == NodeRole.Slave).Select(pair => pair.Key).ToList();
        await WaitForAsync(
            registry => slaves.TrueForAll(slave => registry.Nodes.Any(node => node.Id == slave && node.State == NodeState.Alive)),
            "every slave joined",
            cancellationToken).ConfigureAwait(false);
    }

    private ClusterMember Find(string node) =>
        _members.GetValueOrDefault(new NodeId(node)) ?? throw new ArgumentException($"There is no node '{node}'.", nameof(node));

    private async Task DriveAsync(Task work)
    {
        while (_time is not null && !work.IsCompleted)
        {
            await StepAsync(CancellationToken.None).ConfigureAwait(false);
        }

        await work.ConfigureAwait(false);
    }

    // In virtual time the nodes' work gets its chance first: it needs real time, more of it when the machine is busy.
    private async Task StepAsync(CancellationToken cancellationToken)
    {
        if (_time is null)
        {
            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var quiet = 0; quiet < 2;)
            {
                await Task.Delay(1, cancellationToken).ConfigureAwait(false);
                quiet = ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0;
            }

            _time.Advance(s_step);
        }
        finally
        {
            _turn.Release();
        }
    }
}
