using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Transfers;

/// <summary>
/// The transfers of one node: those that it sends, those that it takes, and those that its skills wait for. What a skill of this node asked for is judged by that
/// skill's manifest, everything else by what the node shares. Thread-safe.
/// </summary>
internal sealed class TransferEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(5);

    private readonly NodeId _self;
    private readonly ITransferDesk _desk;
    private readonly SharedFiles? _shared;
    private readonly TransferPipes _pipes;
    private readonly TransferLimits _limits;
    private readonly ILogger _logger;
    private readonly OutgoingQueue _outgoing;
    private readonly ConcurrentDictionary<UInt128, IncomingTransfer> _incoming = new();
    private readonly ConcurrentDictionary<UInt128, WantedTransfer> _wanted = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _isDraining;

    public TransferEndpoint(NodeId self, ITransferDesk desk, SharedFiles? shared, TransferPipes pipes, TransferLimits limits, ILogger logger)
    {
        (_self, _desk, _shared, _pipes, _limits, _logger) = (self, desk, shared, pipes, limits, logger);
        _outgoing = new(desk, pipes, limits, logger);
    }

    /// <summary>Copies a file for a skill of this node, which is at one end at least; answers how it ended.</summary>
    /// <param name="plan">What is copied. This node wants it.</param>
    /// <param name="files">What the skill may open on this node.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async ValueTask<TransferReport> CopyAsync(TransferPlan plan, ITransferFiles files, CancellationToken cancellationToken)
    {
        var transfer = NewName();
        if (_isDraining)
        {
            return Ended(transfer, plan, TransferFault.Draining, "the node is stopping");
        }

        if (plan.From == _self && plan.To == _self)
        {
            return await LocalCopy.RunAsync(transfer, plan, files, _shared?.Files, _pipes, cancellationToken).ConfigureAwait(false);
        }

        if (plan.From == _self)
        {
            return await _outgoing.RunAsync(transfer, plan, files, cancellationToken).ConfigureAwait(false);
        }

        using var wanted = new WantedTransfer(plan, files);
        _wanted[transfer] = wanted;
        try
        {
            return await FollowAsync(transfer, wanted, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _wanted.TryRemove(transfer, out _);
        }
    }

    /// <summary>Takes a message of the master.</summary>
    public async ValueTask<TransferAnswer> TakeAsync(TransferMessage message, CancellationToken cancellationToken) => message.Act switch
    {
        TransferAct.Send => Send(message),
        TransferAct.Offer => await TakeOfferAsync(message, cancellationToken).ConfigureAwait(false),
        TransferAct.Report => TakeReport(message),
        TransferAct.Status => Tell(message.Transfer),
        TransferAct.Cancel => Cancel(message.Transfer),
        _ => new(TransferFault.Protocol),
    };

    /// <summary>Begins nothing more, and ends what runs: it can be resumed.</summary>
    public async ValueTask DrainAsync()
    {
        _isDraining = true;
        await _outgoing.DrainAsync().ConfigureAwait(false);
        foreach (var incoming in _incoming.Values)
        {
            incoming.Stop();
        }

        await Task.WhenAll(_incoming.Values.Select(incoming => incoming.Completion)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync().ConfigureAwait(false);
        await _outgoing.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
        _shared?.Files.Dispose();
    }

    private static UInt128 NewName() => BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16));

    private static TransferReport Ended(UInt128 transfer, TransferPlan plan, TransferFault fault, string text) =>
        new(transfer, plan, TransferPhase.Ended) { Fault = fault, Text = text };

    private async ValueTask<TransferReport> FollowAsync(UInt128 transfer, WantedTransfer wanted, CancellationToken cancellationToken)
    {
        var begun = await _desk.AskAsync(new(TransferAct.Start, transfer) { Plan = wanted.Plan }, cancellationToken).ConfigureAwait(false);
        if (begun.Fault != TransferFault.None)
        {
            return Ended(transfer, wanted.Plan, begun.Fault, begun.Text);
        }

        try
        {
            while (true)
            {
                // Reports may be lost; whoever waits for one asks now and then.
                var report = await wanted.WaitAsync(s_poll, _pipes.Time, cancellationToken).ConfigureAwait(false);
                if (report is null)
                {
                    var answer = await _desk.AskAsync(new(TransferAct.Status, transfer), cancellationToken).ConfigureAwait(false);
                    if (answer.Fault == TransferFault.NotFound)
                    {
                        // The master, or the node that sends, has been restarted. Whoever knows the transfer still goes on with it.
                        answer = await _desk.AskAsync(new(TransferAct.Start, transfer) { Plan = wanted.Plan }, cancellationToken).ConfigureAwait(false);
                    }

                    report = answer.Fault is TransferFault.None or TransferFault.PeerLost or TransferFault.Busy
                        ? answer.Reports.FirstOrDefault()
                        : Ended(transfer, wanted.Plan, answer.Fault, answer.Text);
                }

                if (report is { Phase: TransferPhase.Ended })
                {
                    return report;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await _desk.AskAsync(new(TransferAct.Cancel, transfer), CancellationToken.None).ConfigureAwait(false);
            return Ended(transfer, wanted.Plan, TransferFault.Cancelled, "it was given up");
        }
    }

    private TransferAnswer Send(TransferMessage message)
    {
        if (message.Plan is not { } plan || plan.From != _self)
        {
            return new(TransferFault.Protocol, "the plan names another node");
        }

        if (_isDraining)
        {
            return new(TransferFault.Draining, $"node '{_self}' is stopping");
        }

        return _shared is { } shared && shared.Allows(plan.To, plan.For)
            ? _outgoing.Start(message.Transfer, plan, shared.Files)
            : Refusal(plan.To);
    }

    private async ValueTask<TransferAnswer> TakeOfferAsync(TransferMessage message, CancellationToken cancellationToken)
    {
        if (!Wire.TryRead<TransferOffer>(message.Offer, out var offer) || message.Ticket is not { } ticket
            || offer.Transfer != message.Transfer || offer.Plan.To != _self)
        {
            return new(TransferFault.Protocol, "the offer is none of this node's");
        }

        // One offer at a time: a later attempt takes the place of an earlier one, which is asked to leave.
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AcceptAsync(offer, message.Offer, ticket, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<TransferAnswer> AcceptAsync(TransferOffer offer, ReadOnlyMemory<byte> bytes, TransferTicket ticket, CancellationToken cancellationToken)
    {
        if (_isDraining)
        {
            return new(TransferFault.Draining, $"node '{_self}' is stopping");
        }

        if (FindFiles(offer) is not { } files)
        {
            return Refusal(offer.Plan.From);
        }

        if (_incoming.TryGetValue(offer.Transfer, out var earlier))
        {
            if (earlier.Offer.Attempt >= offer.Attempt)
            {
                return new(TransferFault.Protocol, "a later attempt of this transfer is known");
            }

            earlier.Stop();
            await earlier.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return _incoming.Count >= _limits.Incoming ? new(TransferFault.Busy, $"node '{_self}' takes {_limits.Incoming} files at once")
            : offer.Length > _limits.MaxLength ? new(TransferFault.TooLarge, $"the file has {offer.Length} bytes; node '{_self}' takes {_limits.MaxLength}")
            : Open(offer, bytes, ticket, files);
    }

    private TransferAnswer Open(TransferOffer offer, ReadOnlyMemory<byte> bytes, TransferTicket ticket, ITransferFiles files)
    {
        var opened = files.OpenIncoming(
            offer.Plan.ToPath, new(offer.Transfer, OriginOf(offer), offer.Length, offer.Mode, offer.Plan.Overwrites));
        if (!opened.IsSuccess)
        {
            return new(TransferFaults.Of(opened.Fault), $"node '{_self}' does not take '{offer.Plan.ToPath}': {opened.Fault.Error}");
        }

        var file = opened.Value;
        if (file.Committed is { } hash)
        {
            file.Dispose();
            return TransferAnswer.Ok with { Hash = hash };
        }

        using var keys = _pipes.NewKeys();
        var acceptance = TransferWire.ToBytes(new TransferAcceptance(offer.Transfer, offer.Attempt) { PublicKey = keys?.PublicKey ?? [] });
        var (seals, fault) = TransferPipes.SealsOf(TransferRole.Sink, keys, offer.PublicKey, bytes, acceptance);
        if (seals is null)
        {
            file.Dispose();
            return new(fault, "the two nodes do not agree on encryption");
        }

        var incoming = new IncomingTransfer(file, offer, ticket, seals, _pipes);
        _incoming[offer.Transfer] = incoming;
        incoming.Start();
        _ = ForgetAsync(incoming);
        CrashPoints.Pass("sink-accepted");
        return TransferAnswer.Ok with { Acceptance = acceptance };
    }

    private async Task ForgetAsync(IncomingTransfer incoming)
    {
        try
        {
            var end = await incoming.Completion.ConfigureAwait(false);
            Log.FileTaken(_logger, incoming.Offer.Plan.ToPath, incoming.Offer.Plan.From, end.Fault);
        }
#pragma warning disable CA1031 // Nobody awaits this work: a defect of one transfer is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.TransferFailed(_logger, exception);
        }
        finally
        {
            _incoming.TryRemove(KeyValuePair.Create(incoming.Offer.Transfer, incoming));
        }
    }

    // What a skill of this node waits for is opened by its own grants, and for the plan that it asked for only.
    private ITransferFiles? FindFiles(TransferOffer offer) =>
        offer.Plan.For == _self ? _wanted.TryGetValue(offer.Transfer, out var wanted) && wanted.Plan == offer.Plan ? wanted.Files : null
        : _shared is { } shared && shared.Allows(offer.Plan.From, offer.Plan.For) ? shared.Files
        : null;

    private TransferAnswer Refusal(NodeId other) =>
        new(TransferFault.Denied, $"node '{_self}' does not share files with '{other}': its cluster.file_transfer.allowed_nodes says so");

    private TransferAnswer TakeReport(TransferMessage message)
    {
        if (message.Report is { } report && _wanted.TryGetValue(message.Transfer, out var wanted) && report.Plan == wanted.Plan)
        {
            wanted.Tell(report);
        }

        return TransferAnswer.Ok;
    }

    // Of those that it sends how far they are, of those that it waits for that it does.
    private TransferAnswer Tell(UInt128 transfer) =>
        _outgoing.Find(transfer) is { } report ? TransferAnswer.Ok with { Reports = [report] }
        : _wanted.TryGetValue(transfer, out var wanted) ? TransferAnswer.Ok with { Reports = [new(transfer, wanted.Plan, TransferPhase.Waiting)] }
        : new(TransferFault.NotFound);

    private TransferAnswer Cancel(UInt128 transfer) => _outgoing.Cancel(transfer) ? TransferAnswer.Ok : new(TransferFault.NotFound);

    private static UInt128 OriginOf(TransferOffer offer) => BinaryPrimitives.ReadUInt128BigEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"{offer.Plan.From}\n{offer.Plan.FromPath}\n{offer.Length}\n{offer.Fingerprint:x32}"))));
}
