using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master.Transfers;

/// <summary>The master's transfers on the bus: requests of nodes and operators in, its own questions to nodes out. Owns the master's endpoint. Thread-safe.</summary>
internal sealed class TransferSwitch : ITransferMembers, ITransferDesk, IAsyncDisposable
{
    private readonly MasterLink _link;
    private readonly NodeIdentity _identity;
    private readonly Func<RegistryCopy> _members;
    private readonly TransferRequests _requests;
    private readonly ILogger _logger;

    public TransferSwitch(MasterLink link, NodeIdentity identity, Func<RegistryCopy> members, Func<ITransferMembers, TransferCoordinator> coordinator, TransferTuning tuning, ILogger logger)
    {
        (_link, _identity, _members, _logger) = (link, identity, members, logger);
        _requests = new(link.Buses.Traffic, link.Outbox, link.Clock.Time);
        Coordinator = coordinator(this);
        var bus = new BusCarrier(link.Buses.Traffic, link.Subjects, identity.Node, link.Clock.Time, logger);
        Endpoint = new(identity.Node, this, tuning.Shared, tuning.Pipes with { Bus = bus }, tuning.Limits, logger);
    }

    /// <summary>The master's part.</summary>
    public TransferCoordinator Coordinator { get; }

    /// <summary>The transfers of the master's own node.</summary>
    public TransferEndpoint Endpoint { get; }

    /// <inheritdoc/>
    public NodeId Self => _identity.Node;

    /// <inheritdoc/>
    public bool IsLive(NodeId node) => node == Self || _members().Find(node) is not null;

    /// <inheritdoc/>
    public async ValueTask<TransferAnswer> AskAsync(NodeId node, TransferMessage message, CancellationToken cancellationToken)
    {
        if (node == Self)
        {
            return await Endpoint.TakeAsync(message, cancellationToken).ConfigureAwait(false);
        }

        return _members().Find(node) is { } member
            ? await _requests.AskAsync(
                _link.Subjects.ToNode(node, MessageTypes.Transfer),
                id => _link.Subjects.Frames(node, id),
                new(MessageTypes.Transfer, default, member.Instance),
                message,
                ($"node '{node}'", () => _members().Find(node)?.Instance),
                cancellationToken).ConfigureAwait(false)
            : new(TransferFault.NoSuchNode, $"no live node '{node}'");
    }

    // The master's own endpoint asks its master in the same process.
    ValueTask<TransferAnswer> ITransferDesk.AskAsync(TransferMessage message, CancellationToken cancellationToken) =>
        Coordinator.TakeAsync(Self, message, cancellationToken);

    /// <summary>Takes an answer of a node; false when nobody waits for it.</summary>
    public bool TryTake(in Received received) => _requests.TryTake(received);

    /// <summary>Takes a request of a node or an operator. Called by the bus.</summary>
    public void OnMessage(in BusMessage message)
    {
        if (message.Kind != BusMessageKind.Data || !_link.Inbox.TryOpen(message, out var received) || received.IsVersionUnsupported)
        {
            return;
        }

        var envelope = received.Envelope;
        if (!envelope.TryRead<TransferMessage>(out var body) || !IsKnown(Sender.Of(envelope)))
        {
            _link.Inbox.Drop("transfer", message.Subject);
            return;
        }

        _ = AnswerAsync(envelope, body);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Endpoint.DisposeAsync();

    // An operator has no registration: who may speak as one is the bus server's matter, and what it may do the nodes'.
    private bool IsKnown(Sender sender) => Operators.Is(sender.Node) || _members().FindSender(sender, _identity.Epoch) is not null;

    private async Task AnswerAsync(Envelope request, TransferMessage message)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TransferAnswer answer;
        try
        {
            answer = await Coordinator.TakeAsync(request.Source, message, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whoever asks must hear something; a defect is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.TransferFailed(_logger, exception);
            answer = new(TransferFault.StorageFailed, "the master failed; its log says more");
        }

        await _link.Outbox.SendAsync(
            _link.Buses.Traffic,
            _link.Subjects.FramesToNode(request.Source, request.Id),
            null,
            new(MessageTypes.Transfer, request.Id, request.Instance),
            TransferRequests.Wrap(answer),
            CancellationToken.None).ConfigureAwait(false);
    }
}
