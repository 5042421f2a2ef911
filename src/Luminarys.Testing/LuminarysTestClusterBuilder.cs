using Luminarys.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Testing;

/// <summary>Puts a <see cref="LuminarysTestCluster"/> together: one master, any number of slaves. Not thread-safe.</summary>
public sealed class LuminarysTestClusterBuilder
{
    private readonly Dictionary<NodeId, (NodeRole Role, TestNodeBuilder Skills)> _nodes = [];
    private ILoggerFactory _loggers = NullLoggerFactory.Instance;
    private double _loss;
    private int _seed;
    private bool _isVirtual;

    /// <summary>Gives the master skills of its own. It has the node id <c>master</c>; without this call it has none.</summary>
    /// <exception cref="InvalidOperationException">The master is described already.</exception>
    public LuminarysTestClusterBuilder WithMaster(Action<TestNodeBuilder> configure) => Add("master", NodeRole.Master, configure);

    /// <summary>Adds a slave.</summary>
    /// <exception cref="FormatException">The id is not a node id.</exception>
    /// <exception cref="InvalidOperationException">There is a node of this id.</exception>
    public LuminarysTestClusterBuilder AddSlave(string id, Action<TestNodeBuilder> configure) => Add(id, NodeRole.Slave, configure);

    /// <summary>
    /// Runs the cluster on a clock that moves only while the cluster waits for something, as fast as the machine can follow: nodes have the
    /// intervals of production. For scripted skills; packages need real time. Such tests should run alone.
    /// </summary>
    public LuminarysTestClusterBuilder UseVirtualTime()
    {
        _isVirtual = true;
        return this;
    }

    /// <summary>
    /// Loses messages on the bus. Of each connection of each node the same messages are lost for the same seed, counted from its start; which messages
    /// those are depends on what the nodes send, and so on time.
    /// </summary>
    /// <param name="share">Share that is lost: 0 to 1.</param>
    /// <param name="seed">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is below 0 or above 1.</exception>
    public LuminarysTestClusterBuilder LoseMessages(double share, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        (_loss, _seed) = (share, seed);
        return this;
    }

    /// <summary>Sends the logs of all nodes there.</summary>
    public LuminarysTestClusterBuilder LogTo(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _loggers = loggers;
        return this;
    }

    /// <summary>Starts the master and then the slaves; completes when the master knows the skills of all.</summary>
    /// <exception cref="InvalidOperationException">A node did not start, or a package is to run in virtual time.</exception>
    /// <exception cref="TimeoutException">A slave did not join.</exception>
    public async Task<LuminarysTestCluster> StartAsync(CancellationToken cancellationToken)
    {
        if (_isVirtual && _nodes.Values.Any(node => node.Skills.HasPackages))
        {
            throw new InvalidOperationException("Packages run in real time; leave out UseVirtualTime.");
        }

        _nodes.TryAdd(new("master"), (NodeRole.Master, new()));
        var faults = new FaultSettings(_loss, _seed);
        var cluster = new LuminarysTestCluster(_isVirtual ? new VirtualTime() : null, _loggers);
        try
        {
            foreach (var (id, node) in _nodes.OrderBy(pair => pair.Value.Role))
            {
                cluster.Add(id, node.Role, node.Skills, faults);
            }

            await cluster.StartAsync(cancellationToken).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private LuminarysTestClusterBuilder Add(string id, NodeRole role, Action<TestNodeBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var skills = new TestNodeBuilder();
        configure(skills);
        return _nodes.TryAdd(new(id), (role, skills)) ? this : throw new InvalidOperationException($"There is a node '{id}' already.");
    }
}
