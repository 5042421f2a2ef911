using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Slave.Transfers;

/// <summary>A slave's transfers on the bus: its requests to the master, and what the master asks of it. Owns the endpoint. Thread-safe.</summary>
internal sealed class TransferLink : ITransferDesk, IAsyncDisposable
{
    private readonly SlaveLink _link;
    private readonly Func<ServingGate> _gate;
    private readonly TransferRequests _requests;
    private readonly ILogger _logger;

    public TransferLink(SlaveLink link, Func<ServingGate> gate, TransferTuning tuning, ILogger logger)
    {
        (_link, _gate, _logger) = (link, gate, logger);
        _requests = new(link.Buses.Traffic, link.Outbox, link.Clock.Time);
        var bus = new BusCarrier(link.Buses.Traffic, link.Subjects, link.Identity.Node, link.Clock.Time, logger);
        Endpoint = new(link.Identity.Node, this, tuning.Shared, tuning.Pipes with { Bus = bus }, tuning.Limits, logger);
    }

    /// <summary>The node's transfers.</summary>
    public TransferEndpoint Endpoint { get; }

    /// <inheritdoc/>
    public async ValueTask<TransferAnswer> AskAsync(TransferMessage message, CancellationToken cancellationToken)
    {
        if (!_gate().HasMaster(_link.Clock.Now))
        {
            return new(TransferFault.PeerLost, "this node has no master at the moment");
        }

        return await _requests.AskAsync(
            _link.Subjects.ToMaster(_link.Identity.Node, MessageTypes.Transfer),
            id => _link.Subjects.FramesToNode(_link.Identity.Node, id),
            new(MessageTypes.Transfer, default, _gate().Master),
            message,
            ("the master", () => _gate().Master),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes an answer of the traffic lane; false when nobody waits for it.</summary>
    public bool TryTake(in Received received) => _requests.TryTake(received);

    /// <summary>Takes a message of the master. Called by the bus.</summary>
    public void OnMessage(in BusMessage message)
    {
        if (message.Kind != BusMessageKind.Data || !_link.Inbox.TryOpen(message, out var received) || received.IsVersionUnsupported)
        {
            return;
        }

        var envelope = received.Envelope;
        if (!envelope.TryRead<TransferMessage>(out var body) || !_link.IsForUs(envelope) || !_gate().IsFrom(Sender.Of(envelope)))
        {
            _link.Inbox.Drop("transfer", message.Subject);
            return;
        }

        _ = AnswerAsync(envelope, body);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Endpoint.DisposeAsync();

    private async Task AnswerAsync(Envelope request, TransferMessage message)
    {
        // Files are opened in there: not on the thread of the bus.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TransferAnswer answer;
        try
        {
            answer = await Endpoint.TakeAsync(message, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whoever asks must hear something; a defect is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.TransferFailed(_logger, exception);
            answer = new(TransferFault.StorageFailed, "the node failed; its log says more");
        }

        await _link.Outbox.SendAsync(
            _link.Buses.Traffic,
            _link.Subjects.Frames(_link.Identity.Node, request.Id),
            null,
            new(MessageTypes.Transfer, request.Id, request.Instance),
            TransferRequests.Wrap(answer),
            CancellationToken.None).ConfigureAwait(false);
    }
}
