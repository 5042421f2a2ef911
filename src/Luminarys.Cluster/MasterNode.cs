using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Master.Events;
using Luminarys.Cluster.Master.SkillCalls;
using Luminarys.Cluster.Master.Transfers;
using Luminarys.Cluster.Master.Values;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Signing;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster;

/// <summary>
/// A master: owns the registry and routes calls. <see cref="StartAsync"/>, then <see cref="DrainAsync"/>, then disposal, one after the other.
/// Buses and runtime are not disposed here; they belong to whoever made them.
/// </summary>
public sealed class MasterNode : IAsyncDisposable
{
    private static readonly TimeSpan s_conflictWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_leaveWait = TimeSpan.FromSeconds(2);

    private readonly MasterOptions _options;
    private readonly NodeIdentity _identity;
    private readonly MasterLink _link;
    private readonly NodeSigner? _signer;
    private readonly ControlRequests _requests;
    private readonly StateDirectory _state;
    private readonly OwnershipFile _ownership;
    private readonly MasterOffice _office;
    private readonly MasterControl _control;
    private readonly RemoteInvoker _remote;
    private readonly EventPump _events;
    private readonly EventRelay _relay;
    private readonly ValueDesk _values;
    private readonly TransferSwitch _transfers;
    private readonly TransferWatch _transferWatch = new();
    private readonly InvocationRouter _router;
    private readonly SkillCallListener _skillCalls;
    private readonly SkillRegistry _registry;
    private readonly SkillDeployer _deployer;
    private readonly DeploymentWatch _watch;
    private readonly KnownSigners _signers;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource<NodeFault> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private bool _isServing;
    private int _isDisposed;

    internal MasterNode(
        MasterOptions options, NodeBuses buses, DeploymentPorts deployment, SkillRegistry registry, TimeProvider time, ILoggerFactory loggerFactory)
    {
        _options = options;
        _logger = loggerFactory.CreateLogger<MasterNode>();
        _identity = new(new(options.ClusterId), new(options.NodeId), NodeRole.Master);
        _state = new(options.StateDirectory, _identity.Node);
        var clock = new NodeClock(time);
        _signer = NodeSigner.Of(_identity, options.NodeKeyFile, options.TrustedNodes, options.Defences);
        var outbox = new Outbox(_identity, _signer);
        var peers = new PeerTable();
        var rules = new NameRules(options.Duplicates, options.Accept, options.RequireKnownKeys);
        _signers = new(rules, deployment.Signers, time, _logger);
        var ownership = new SkillOwnership(_identity.Node, options.NodeTtl, rules);
        var self = new Node(_identity.Node, NodeRole.Master, NodeState.Alive, 1, _identity.Instance);
        _requests = new(buses.Control, outbox, time);
        var probe = new InstanceProbe(_requests, outbox, buses.Control);
        _link = new(buses, outbox, new(_identity, _logger, _signer), probe, clock) { IsSigned = _signer is not null };
        _remote = new(_link, peers, new(options.AcknowledgementWait, options.SilenceLimit));
        var chains = new CallChains(time);
        _router = new(_identity, registry, deployment.Runtime, _remote, time)
        {
            Chains = chains,
            Loads = options.Duplicates == DuplicateRule.Balance ? new(peers, _identity.Node) : null,
        };
        _ownership = new(_state, ownership, _logger);
        var directory = new NodeDirectory(self, new(options.HeartbeatInterval, options.NodeTtl), peers, ownership);
        _office = new(_link, _identity, _state, directory, new(options.HeartbeatInterval), _logger);
        _events = new(deployment.Events, time, _logger);
        _registry = registry;
        var publisher = new RegistryPublisher(_link, registry, _remote, _events, _ownership, _logger);
        _control = new(_link, directory, _office, publisher, _logger);
        _skillCalls = new(_link, _identity, _router, new(chains, ClusterDefences.All), () => publisher.Current, _logger);
        _registry.Changed += _skillCalls.NodesChanged;
        var (hub, values) = (new SkillEventHub(), new LocalValues(deployment.States));
        RegistryCopy Members() => _office.IsHeld ? publisher.Current : RegistryCopy.Empty;
        _relay = new(_link, _identity, Members, hub, _logger, ClusterDefences.All);
        _values = new(_link, _identity, Members, values, _logger, ClusterDefences.All);
        var tickets = new TicketOffice(_identity.Cluster, deployment.RelayKeys ?? new(RelayKey.Create(), []), options.Transfers.RelayAddress, time);
        _transfers = new(_link, _identity, Members, members => new(members, tickets, time, Tell), deployment.Tune(options.Transfers, time, _logger), _logger);
        var host = new NodeSkillHost(
            _identity.Node,
            _router,
            () => options.IsStandalone ? null : ClusterViews.Of(_identity.Node, registry.Current),
            new(hub, _relay, values, values),
            _transfers.Endpoint);
        _deployer = new(deployment, host, _logger);
        _watch = new(deployment.Manifests, _deployer, skills => _control.OfferAsync(SkillList.Of(skills)), time, _logger);
    }

    /// <summary>
    /// Completes when the node must stop because another living master holds its place; it serves nothing any more then. Never completes otherwise.
    /// </summary>
    public Task<NodeFault> Faulted => _faulted.Task;

    /// <summary>Runs calls on this node and on others. Usable before the node serves; then it finds no skill.</summary>
    internal IInvoker Invoker => _router;

    /// <summary>Tells how the files of calls go.</summary>
    internal ITransferWatch Watch => _transferWatch;

    /// <summary>Connects, deploys the own skills, takes office and serves. Null when the node serves; otherwise it must be disposed.</summary>
    public async ValueTask<NodeFault?> StartAsync(CancellationToken cancellationToken)
    {
        if ((_state.Prepare() ?? _signer?.Prepare()) is { } stateFault)
        {
            return stateFault;
        }

        if (await _link.Buses.ConnectAsync(cancellationToken).ConfigureAwait(false) is { } busFault)
        {
            return busFault;
        }

        _ownership.Restore();
        await _signers.StartAsync(cancellationToken).ConfigureAwait(false);
        await ListenForAnswersAsync(cancellationToken).ConfigureAwait(false);
        if (await FindOtherMasterAsync(cancellationToken).ConfigureAwait(false) is { } conflict)
        {
            return conflict;
        }

        // Only now: a second start of a living master must not take an epoch from it.
        _office.Claim(_office.NextEpoch());
        var skills = SkillList.Of(await _deployer.DeployAsync(cancellationToken).ConfigureAwait(false));
        await ListenForNodesAsync(cancellationToken).ConfigureAwait(false);
        _control.Start();
        if (await _office.AskEpochAsync(_requests, _options.EpochProbeWait, cancellationToken).ConfigureAwait(false) is { } other)
        {
            return other;
        }

        // Only now: whoever listens on the beacon's subject is taken for somebody who may remember an epoch.
        await SubscribeAsync(_link.Buses.Control, _link.Subjects.Beacon, BusOverflow.Reconnect, _control.OnMessage, cancellationToken)
            .ConfigureAwait(false);
        await _control.TakeOfficeAsync(skills).WaitAsync(cancellationToken).ConfigureAwait(false);
        _isServing = true;
        _watch.Start(Task.CompletedTask);
        if (!_options.IsStandalone)
        {
            _options.BusSecurity.Report(_logger);
        }

        Log.MasterStarted(_logger, _identity.Node, _identity.Cluster, _identity.Epoch, skills.Skills.Length);
        _ = StepDownAsync();
        return null;
    }

    /// <summary>
    /// Takes no new call, tells the slaves, and lets running calls finish, at most for <see cref="MasterOptions.DrainLimit"/> or until the token is
    /// cancelled. What still runs on other nodes then is cancelled; what runs here ends with the runtime.
    /// </summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        _router.Drain();
        await _watch.DisposeAsync().ConfigureAwait(false);
        if (!_isServing)
        {
            return;
        }

        await Task.WhenAny(_control.LeaveOfficeAsync(), Task.Delay(s_leaveWait, _link.Clock.Time, CancellationToken.None)).ConfigureAwait(false);
        var time = _link.Clock.Time;
        int Running() => _remote.Count + _router.RunningHere + _skillCalls.Running;
        await Quiet.WaitAsync(Running, Deadline.After(_options.DrainLimit, time), time, cancellationToken).ConfigureAwait(false);
        _remote.EndAll(InvocationError.CancelledByDrain, "the master is stopping");
        await _skillCalls.CloseAsync(InvocationError.Draining).ConfigureAwait(false);
        await _transfers.Endpoint.DrainAsync().ConfigureAwait(false);
        await _relay.DisposeAsync().ConfigureAwait(false);
        await _link.Buses.Traffic.FlushAsync(CancellationToken.None).ConfigureAwait(false);
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
        await _signers.DisposeAsync().ConfigureAwait(false);
        foreach (var subscription in _subscriptions)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }

        _subscriptions.Clear();
        _registry.Changed -= _skillCalls.NodesChanged;
        await _control.DisposeAsync().ConfigureAwait(false);
        await _relay.DisposeAsync().ConfigureAwait(false);
        await _values.DisposeAsync().ConfigureAwait(false);
        await _transfers.DisposeAsync().ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
        _remote.EndAll(InvocationError.OutcomeUnknown, "the master stopped");
        await _remote.DisposeAsync().ConfigureAwait(false);
        await _link.Payloads.CloseAsync().ConfigureAwait(false);
        _signer?.Dispose();
        Log.MasterStopped(_logger, _identity.Node);
    }

    private void Tell(IDomainEvent change)
    {
        _events.Post(change);
        _transferWatch.Tell(change);
    }

    private async Task StepDownAsync()
    {
        var fault = await _office.Faulted.ConfigureAwait(false);
        _router.Drain();
        await Task.WhenAny(_control.LeaveOfficeAsync(), Task.Delay(s_leaveWait, _link.Clock.Time, CancellationToken.None)).ConfigureAwait(false);
        _remote.EndAll(InvocationError.OutcomeUnknown, "another master holds the cluster");
        await _skillCalls.CloseAsync(InvocationError.NotServing).ConfigureAwait(false);
        _faulted.TrySetResult(fault);
    }

    private async ValueTask ListenForAnswersAsync(CancellationToken cancellationToken)
    {
        var subjects = _link.Subjects;
        await SubscribeAsync(_link.Buses.Control, subjects.AnswersToMaster, BusOverflow.Reconnect, OnAnswer, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(_link.Buses.Control, subjects.AnswersToNode(_identity.Node), BusOverflow.Reconnect, OnAnswer, cancellationToken)
            .ConfigureAwait(false);
        await SubscribeAsync(_link.Buses.Traffic, subjects.AllFrames, BusOverflow.Reconnect, OnFrame, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(_link.Buses.Traffic, subjects.ToMasterFromAny(MessageTypes.Bundle), BusOverflow.Reconnect, OnBundle, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ListenForNodesAsync(CancellationToken cancellationToken)
    {
        string[] types =
        [
            MessageTypes.Hello, MessageTypes.Register, MessageTypes.Deregister, MessageTypes.Heartbeat, MessageTypes.Snapshot, MessageTypes.Epoch,
        ];
        var (control, traffic, subjects) = (_link.Buses.Control, _link.Buses.Traffic, _link.Subjects);
        foreach (var pattern in types.Select(subjects.ToMasterFromAny))
        {
            await SubscribeAsync(control, pattern, BusOverflow.Reconnect, _control.OnMessage, cancellationToken).ConfigureAwait(false);
        }

        await SubscribeAsync(control, subjects.ToMasterFromAny(MessageTypes.Cancel), BusOverflow.Reconnect, _skillCalls.OnCancel, cancellationToken)
            .ConfigureAwait(false);
        await SubscribeAsync(control, subjects.ToMasterFromAny(MessageTypes.Query), BusOverflow.Reconnect, _skillCalls.OnQuery, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(traffic, subjects.ToMasterFromAny(MessageTypes.Call), BusOverflow.Notify, _skillCalls.OnCall, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(traffic, subjects.ToMasterFromAny(MessageTypes.Part), BusOverflow.Notify, _link.Payloads.OnPart, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(traffic, subjects.ToMasterFromAny(MessageTypes.More), BusOverflow.Notify, _link.Payloads.OnMore, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(traffic, subjects.ToMasterFromAny(MessageTypes.Event), BusOverflow.Notify, _relay.OnEvent, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(traffic, subjects.ToMasterFromAny(MessageTypes.KeyValue), BusOverflow.Notify, _values.OnRequest, cancellationToken).ConfigureAwait(false);
        await SubscribeAsync(traffic, subjects.ToMasterFromAny(MessageTypes.Transfer), BusOverflow.Notify, _transfers.OnMessage, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SubscribeAsync(
        IBus bus, string pattern, BusOverflow overflow, BusMessageHandler handler, CancellationToken cancellationToken) =>
        _subscriptions.Add(await bus.SubscribeAsync(pattern, overflow, handler, cancellationToken).ConfigureAwait(false));

    // A living master answers a hello with its refusal; nobody answers when there is none.
    private async ValueTask<NodeFault?> FindOtherMasterAsync(CancellationToken cancellationToken)
    {
        var answer = await _requests.SendAsync(
            _link.Subjects.ToMaster(_identity.Node, MessageTypes.Hello),
            id => _link.Subjects.AnswerToNode(_identity.Node, id),
            new(MessageTypes.Hello, default),
            new HelloMessage(ProtocolLimits.Version, ProtocolLimits.Version, NodeRole.Master, 0),
            s_conflictWait,
            cancellationToken).ConfigureAwait(false);
        return answer?.Body is { } body
            ? new(InvocationError.MasterConflict, $"cluster '{_identity.Cluster}' has a living master, '{answer.Value.Sender.Node}': {body.Text}")
            : null;
    }

    private void OnAnswer(in BusMessage message)
    {
        if (_link.Inbox.TryOpen(message, out var received) && !_requests.TryTake(received))
        {
            _link.Inbox.Drop("unasked", message.Subject);
        }
    }

    private void OnBundle(in BusMessage message)
    {
        if (!_link.Subjects.TryParse(message.Subject, out var address) || !Bundle.TryRead(message.Payload, out var frames))
        {
            _link.Inbox.Drop("bundle", message.Subject);
            return;
        }

        foreach (var (id, bytes) in frames)
        {
            OnFrame(new(_link.Subjects.Frames(address.Node, id), null, bytes, message.Kind));
        }
    }

    private void OnFrame(in BusMessage message)
    {
        if (!_link.Inbox.TryOpen(message, out var received))
        {
            return;
        }

        // Of a notice that nobody listens only the id tells whose it is, and the calls take each.
        if (received.IsNoResponders ? !_transfers.TryTake(received) && !_remote.TryTake(received) : !_remote.TryTake(received) && !_transfers.TryTake(received))
        {
            _link.Inbox.Drop("unasked", message.Subject);
        }
    }
}
