using System.Collections.Immutable;
using System.Security.Cryptography;
using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Signing;
using Luminarys.Cluster.Slave;
using Luminarys.Cluster.Slave.Events;
using Luminarys.Cluster.Slave.SkillCalls;
using Luminarys.Cluster.Slave.Transfers;
using Luminarys.Cluster.Slave.Values;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster;

/// <summary>
/// A slave: runs skills for its master. <see cref="StartAsync"/>, then <see cref="DrainAsync"/>, then disposal, one after the other.
/// Buses and runtime are not disposed here; they belong to whoever made them.
/// </summary>
public sealed class SlaveNode : IAsyncDisposable
{
    internal const string IncarnationFile = "incarnation";

    private static readonly TimeSpan s_leaveWait = TimeSpan.FromSeconds(2);

    private readonly SlaveOptions _options;
    private readonly SlaveLink _link;
    private readonly NodeSigner? _signer;
    private readonly StateDirectory _state;
    private readonly SkillRegistry _registry;
    private readonly SkillDeployer _deployer;
    private readonly InvocationListener _listener;
    private readonly MasterInvoker _skillCalls;
    private readonly EventLink _events;
    private readonly MasterValues _values;
    private readonly TransferLink _transfers;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource<NodeFault> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private readonly DeploymentWatch _watch;
    private SlaveControl? _control;
    private volatile Func<ServingGate> _serving = () => ServingGate.Closed;
    private int _isDisposed;

    internal SlaveNode(
        SlaveOptions options, NodeBuses buses, DeploymentPorts deployment, SkillRegistry registry, TimeProvider time, ILoggerFactory loggerFactory)
    {
        _options = options;
        _registry = registry;
        _logger = loggerFactory.CreateLogger<SlaveNode>();
        var identity = new NodeIdentity(new(options.ClusterId), new(options.NodeId), NodeRole.Slave);
        _state = new(options.StateDirectory, identity.Node);
        _signer = NodeSigner.Of(identity, options.NodeKeyFile, options.TrustedNodes, options.Defences);
        _link = new(identity, buses, new(identity, _signer), new(identity, _logger, _signer), new(time));
        _skillCalls = new(_link);
        var invoker = new SkillInvoker(identity.Node, registry, deployment.Runtime, _skillCalls);
        var hub = new SkillEventHub();
        _events = new(_link, () => _serving(), hub, _logger);
        _values = new(_link, () => _serving());
        _transfers = new(_link, () => _serving(), deployment.Tune(options.Transfers, time, _logger), _logger);
        var host = new NodeSkillHost(
            identity.Node,
            invoker,
            () => ClusterViews.Of(identity.Node, registry.Current),
            new(hub, _events, new LocalValues(deployment.States), _values),
            _transfers.Endpoint);
        _deployer = new(deployment, host, _logger);
        _watch = new(deployment.Manifests, _deployer, skills => _control!.OfferAsync(skills), time, _logger);
        _listener = new(_link, deployment.Runtime, options.MaxConcurrentCalls, _logger, options.Defences);
    }

    /// <summary>Completes when the node must stop because another living process holds its node id. Never completes otherwise.</summary>
    public Task<NodeFault> Faulted => _faulted.Task;

    /// <summary>Connects, deploys the skills and begins to look for a master. Null when it looks; otherwise it must be disposed.</summary>
    public async ValueTask<NodeFault?> StartAsync(CancellationToken cancellationToken)
    {
        if ((_state.Prepare() ?? _signer?.Prepare()) is { } stateFault)
        {
            return stateFault;
        }

        // On disk before the bus hears of this process.
        _link.Identity.Incarnation = NextIncarnation();
        _state.WriteNumber(IncarnationFile, _link.Identity.Incarnation);
        if (await _link.Buses.ConnectAsync(cancellationToken).ConfigureAwait(false) is { } busFault)
        {
            return busFault;
        }

        var skills = await _deployer.DeployAsync(cancellationToken).ConfigureAwait(false);
        _control = Control(skills);
        await ListenAsync(_control, cancellationToken).ConfigureAwait(false);
        _control.Start();
        _watch.Start(_control.Served);
        _ = PassOnFaultAsync(_control);
        _options.BusSecurity.Report(_logger);
        Log.SlaveStarted(_logger, _link.Identity.Node, _link.Identity.Cluster);
        return null;
    }

    /// <summary>
    /// Takes no new call, tells the master, lets running calls finish, at most for <see cref="SlaveOptions.DrainLimit"/> or until the token is
    /// cancelled, cancels the rest, and leaves the cluster.
    /// </summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        if (_control is not { } control)
        {
            return;
        }

        await _watch.DisposeAsync().ConfigureAwait(false);
        await control.StopAsync(isLast: false, s_leaveWait).ConfigureAwait(false);
        var time = _link.Clock.Time;
        int Running() => _listener.Running + _skillCalls.Count;
        await Quiet.WaitAsync(Running, Deadline.After(_options.DrainLimit, time), time, cancellationToken).ConfigureAwait(false);
        await _listener.DrainAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        _skillCalls.EndAll(InvocationError.CancelledByDrain, "the node is stopping");
        await _transfers.Endpoint.DrainAsync().ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
        await _link.Buses.Traffic.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await control.StopAsync(isLast: true, s_leaveWait).ConfigureAwait(false);
        await _link.Buses.Control.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _watch.DisposeAsync().ConfigureAwait(false);
        foreach (var subscription in _subscriptions)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }

        _subscriptions.Clear();
        _skillCalls.EndAll(InvocationError.OutcomeUnknown, "the node stopped");
        await _skillCalls.DisposeAsync().ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
        await _transfers.DisposeAsync().ConfigureAwait(false);
        await _link.Payloads.CloseAsync().ConfigureAwait(false);
        if (_control is { } control)
        {
            await control.DisposeAsync().ConfigureAwait(false);
            Log.SlaveStopped(_logger, _link.Identity.Node);
        }

        _signer?.Dispose();
    }

    private SlaveControl Control(ImmutableArray<Skill> skills)
    {
        var time = _link.Clock.Time;
        var settings = new SessionSettings(
            _options.HeartbeatInterval,
            _options.NodeTtl,
            _options.NodeIdRetryInterval,
            _options.NodeIdRetryLimit,
            Math.Min(ProtocolLimits.PageSize, _link.Buses.Control.MaxPayload - ProtocolLimits.EnvelopeRoom));
        var dice = new SessionDice(() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue, () => CallId.New(time));
        var session = new SlaveSession(settings, SkillList.Of(skills), _link.Identity.Incarnation, dice);
        _serving = () => session.Gate;
        _listener.Offer(skills.Select(skill => skill.Id), _serving);
        _skillCalls.Follow(_serving);
        return new(_link, session, _listener, new(_registry, _link.Identity.Node, skills), _state, _logger);
    }

    private async ValueTask ListenAsync(SlaveControl control, CancellationToken cancellationToken)
    {
        var (subjects, self, bus) = (_link.Subjects, _link.Identity.Node, _link.Buses.Control);
        await SubscribeAsync(bus, subjects.AnswersToNode(self), control.OnMessage, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(bus, subjects.ToNode(self, MessageTypes.Sync), control.OnMessage, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(bus, subjects.Ping(self, _link.Identity.Instance), control.OnMessage, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(bus, subjects.AllBroadcasts, control.OnBroadcast, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(bus, subjects.ToNode(self, MessageTypes.Cancel), _listener.OnCancel, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(bus, subjects.ToNode(self, MessageTypes.Query), _listener.OnQuery, cancellationToken).ConfigureAwait(false);
        var traffic = _link.Buses.Traffic;
        _subscriptions.Add(await traffic
            .SubscribeAsync(subjects.ToNode(self, MessageTypes.Call), BusOverflow.Notify, _listener.OnCall, cancellationToken).ConfigureAwait(false));
        _subscriptions.Add(await traffic
            .SubscribeAsync(subjects.ToNode(self, MessageTypes.Bundle), BusOverflow.Notify, _listener.OnBundle, cancellationToken).ConfigureAwait(false));
        _subscriptions.Add(await traffic
            .SubscribeAsync(subjects.ToNode(self, MessageTypes.Part), BusOverflow.Notify, _link.Payloads.OnPart, cancellationToken).ConfigureAwait(false));
        _subscriptions.Add(await traffic
            .SubscribeAsync(subjects.ToNode(self, MessageTypes.More), BusOverflow.Notify, _link.Payloads.OnMore, cancellationToken).ConfigureAwait(false));
        _subscriptions.Add(await traffic
            .SubscribeAsync(subjects.ToNode(self, MessageTypes.Event), BusOverflow.Notify, _events.OnEvent, cancellationToken).ConfigureAwait(false));
        _subscriptions.Add(await traffic
            .SubscribeAsync(subjects.ToNode(self, MessageTypes.Transfer), BusOverflow.Notify, _transfers.OnMessage, cancellationToken).ConfigureAwait(false));
        await SubscribeAsync(traffic, subjects.AllFramesToNode(self), OnTrafficAnswer, cancellationToken).ConfigureAwait(false);
    }

    // What comes back on the traffic lane: frames of the calls of this node's skills, and answers to requests for values and of transfers.
    private void OnTrafficAnswer(in BusMessage message)
    {
        if (!_link.Inbox.TryOpen(message, out var received))
        {
            return;
        }

        var isOurs = received.IsNoResponders || _link.IsForUs(received.Envelope);
        if (!isOurs || !(_skillCalls.TryTake(received) || _values.TryTake(received) || _transfers.TryTake(received)))
        {
            _link.Inbox.Drop("unasked", message.Subject);
        }
    }

    private async ValueTask SubscribeAsync(IBus bus, string pattern, BusMessageHandler handler, CancellationToken cancellationToken) =>
        _subscriptions.Add(await bus.SubscribeAsync(pattern, BusOverflow.Reconnect, handler, cancellationToken).ConfigureAwait(false));

    // Without a state directory the wall clock stands in; the master's answer to hello mends what a clock that stepped back breaks.
    private ulong NextIncarnation() => _options.StateDirectory is null
        ? (ulong)(_link.Clock.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds
        : _state.ReadNumber(IncarnationFile) + 1;

    private async Task PassOnFaultAsync(SlaveControl control) => _faulted.TrySetResult(await control.Faulted.ConfigureAwait(false));
}
