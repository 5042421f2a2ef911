using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Signing;
using Luminarys.Cluster.Transfers;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster;

/// <summary>
/// An operator's view of the transfers of a cluster: has files copied between any two nodes, watches, lists and cancels. It asks the master and carries no byte
/// of a file. <see cref="StartAsync"/> first, disposal last. Thread-safe in between. The bus belongs to whoever made it.
/// </summary>
public sealed class TransferClient : IAsyncDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_beaconWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly NodeIdentity _identity;
    private readonly IBus _bus;
    private readonly NodeSigner? _signer;
    private readonly Outbox _outbox;
    private readonly Inbox _inbox;
    private readonly TransferRequests _requests;
    private readonly TimeProvider _time;
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Master? _master;

    internal TransferClient(OperatorOptions options, IBus bus, TimeProvider time, ILogger logger)
    {
        (_bus, _time) = (bus, time);
        _identity = new(new(options.ClusterId), new(options.Name), NodeRole.Slave) { Incarnation = 1 };
        _signer = NodeSigner.Of(_identity, options.KeyFile, options.TrustedNodes, ClusterDefences.All);
        _outbox = new(_identity, _signer);
        _inbox = new(_identity, logger, _signer);
        _requests = new(bus, _outbox, time);
    }

    /// <summary>Connects. Null when requests can be made.</summary>
    public async ValueTask<NodeFault?> StartAsync(CancellationToken cancellationToken)
    {
        if (_signer?.Prepare() is { } fault)
        {
            return fault;
        }

        if (await _bus.ConnectAsync(cancellationToken).ConfigureAwait(false) is { } busFault)
        {
            return new(busFault.Error, busFault.Message);
        }

        _subscriptions.Add(await _bus.SubscribeAsync(
            _outbox.Subjects.AllFramesToNode(_identity.Node), BusOverflow.Reconnect, OnAnswer, cancellationToken).ConfigureAwait(false));
        if (_signer is null)
        {
            return null;
        }

        // Who signs says to which process of the master: its beacon tells.
        _subscriptions.Add(await _bus.SubscribeAsync(_outbox.Subjects.AllBroadcasts, BusOverflow.Reconnect, OnBeacon, cancellationToken).ConfigureAwait(false));
        try
        {
            await _heard.Task.WaitAsync(s_beaconWait, _time, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return new(Invocations.InvocationError.NotServing, "no master of cluster.trusted_nodes was heard on the bus");
        }
    }

    /// <summary>
    /// Has a file copied and answers how that ended; what it answers last was handed to <paramref name="onProgress"/> too. Cancellation gives the transfer up; the
    /// receiver keeps what it has, and the same request takes it up again.
    /// </summary>
    /// <param name="source">The file.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="overwrites">Whether it may take the place of a file that has the name.</param>
    /// <param name="onProgress">Is told how far it is, a few times each second.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async ValueTask<TransferProgress> CopyAsync(
        NodePath source, NodePath destination, bool overwrites, Action<TransferProgress> onProgress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onProgress);
        var transfer = BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16));
        var plan = new TransferPlan(source.Node, source.Path, destination.Node, destination.Path, _identity.Node) { Overwrites = overwrites };
        var report = new TransferReport(transfer, plan, TransferPhase.Waiting);
        try
        {
            report = await FollowAsync(report, onProgress, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            report = await GiveUpAsync(report).ConfigureAwait(false);
        }

        onProgress(report.ToProgress());
        return report.ToProgress();
    }

    /// <summary>The transfers that the master knows, those that run first; a refusal when it does not tell.</summary>
    public async ValueTask<(ImmutableArray<TransferProgress> Transfers, TransferRefusal? Refusal)> ListAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(new(TransferAct.List, 0), cancellationToken).ConfigureAwait(false);
        return ([.. answer.Reports.Select(report => report.ToProgress())], RefusalOf(answer));
    }

    /// <summary>Gives a transfer up, whoever wanted it; a refusal when there is none that runs.</summary>
    public async ValueTask<TransferRefusal?> CancelAsync(UInt128 transfer, CancellationToken cancellationToken) =>
        RefusalOf(await AskAsync(new(TransferAct.Cancel, transfer), cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var subscription in _subscriptions)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }

        _subscriptions.Clear();
        _signer?.Dispose();
    }

    private static TransferRefusal? RefusalOf(TransferAnswer answer) => answer.Fault == TransferFault.None ? null
        : new(answer.Fault, answer.Text.Length > 0 ? answer.Text : TransferFaults.Describe(answer.Fault));

    private static TransferReport End(TransferReport report, TransferFault fault, string text) =>
        report with { Phase = TransferPhase.Ended, Fault = fault, Text = text, Rate = 0 };

    private async ValueTask<TransferReport> FollowAsync(TransferReport report, Action<TransferProgress> onProgress, CancellationToken cancellationToken)
    {
        var start = new TransferMessage(TransferAct.Start, report.Transfer) { Plan = report.Plan };
        var begun = await AskAsync(start, cancellationToken).ConfigureAwait(false);
        if (begun.Fault != TransferFault.None)
        {
            return End(report, begun.Fault, RefusalOf(begun)!.Text);
        }

        var heardAt = _time.GetTimestamp();
        while (report.Phase != TransferPhase.Ended)
        {
            await Task.Delay(s_poll, _time, cancellationToken).ConfigureAwait(false);
            var answer = await AskAsync(new(TransferAct.Status, report.Transfer), cancellationToken).ConfigureAwait(false);
            if (answer.Fault == TransferFault.NotFound)
            {
                // The master, or the node that sends, was restarted: whoever has the transfer still goes on with it, else it begins anew.
                answer = await AskAsync(start, cancellationToken).ConfigureAwait(false);
            }

            if (answer.Fault == TransferFault.None)
            {
                heardAt = _time.GetTimestamp();
                report = answer.Reports.FirstOrDefault() ?? report;
                onProgress(report.ToProgress());
            }
            else if (answer.Fault is not (TransferFault.PeerLost or TransferFault.NoSuchNode or TransferFault.Busy) || _time.GetElapsedTime(heardAt) > s_patience)
            {
                return End(report, TransferFault.OutcomeUnknown, $"nobody says how it goes on: {RefusalOf(answer)!.Text}");
            }
        }

        return report.Fault != TransferFault.None && report.Text.Length == 0 ? report with { Text = TransferFaults.Describe(report.Fault) } : report;
    }

    // One that has ended meanwhile has ended as its node says.
    private async ValueTask<TransferReport> GiveUpAsync(TransferReport report)
    {
        var answer = await AskAsync(new(TransferAct.Cancel, report.Transfer), CancellationToken.None).ConfigureAwait(false);
        var told = await AskAsync(new(TransferAct.Status, report.Transfer), CancellationToken.None).ConfigureAwait(false);
        return told.Reports.FirstOrDefault() is { Phase: TransferPhase.Ended } end ? end
            : answer.Fault == TransferFault.None ? End(told.Reports.FirstOrDefault() ?? report, TransferFault.Cancelled, "it was given up")
            : End(report, TransferFault.OutcomeUnknown, $"it could not be given up: {RefusalOf(answer)!.Text}");
    }

    private ValueTask<TransferAnswer> AskAsync(TransferMessage message, CancellationToken cancellationToken) => _requests.AskAsync(
        _outbox.Subjects.ToMaster(_identity.Node, MessageTypes.Transfer),
        id => _outbox.Subjects.FramesToNode(_identity.Node, id),
        new(MessageTypes.Transfer, default, _master?.Instance),
        message,
        ("the master", () => _master?.Instance),
        cancellationToken);

    private void OnAnswer(in BusMessage message)
    {
        if (_inbox.TryOpen(message, out var received)
            && (!(received.IsNoResponders || received.Envelope.ToInstance == _identity.Instance) || !_requests.TryTake(received)))
        {
            _inbox.Drop("unasked", message.Subject);
        }
    }

    // The latest of the trusted ones: a master that was restarted is another process.
    private void OnBeacon(in BusMessage message)
    {
        if (message.Kind == BusMessageKind.Data && message.Subject == _outbox.Subjects.Beacon && _inbox.TryOpen(message, out var received) && !received.IsVersionUnsupported
            && received.Envelope.TryRead<BeaconMessage>(out var beacon) && beacon.Kind is BeaconKind.Online or BeaconKind.Alive)
        {
            _master = new(received.Envelope.Instance);
            _heard.TrySetResult();
        }
    }

    private sealed record Master(InstanceId Instance);
}
