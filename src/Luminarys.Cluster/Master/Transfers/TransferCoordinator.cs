using System.Collections.Immutable;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers;
using Luminarys.Events;
using Luminarys.Nodes;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Master.Transfers;

/// <summary>
/// The master's part of transfers: passes requests to the node that they concern, issues both tickets, and remembers what nodes report. It sees neither a byte of
/// a file nor a key of a tunnel. Thread-safe.
/// </summary>
/// <param name="members">Says who is there and takes messages to them.</param>
/// <param name="tickets">Makes tickets.</param>
/// <param name="time">Clock.</param>
/// <param name="tell">Is told what happens; must not block.</param>
internal sealed class TransferCoordinator(ITransferMembers members, TicketOffice tickets, TimeProvider time, Action<IDomainEvent> tell)
{
    private const int MaxKnown = 1024;
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, (TransferReport Report, long At)> _known = [];

    /// <summary>Every transfer that nodes have reported lately, those that run first.</summary>
    public ImmutableArray<TransferReport> Reports
    {
        get
        {
            lock (_gate)
            {
                return [.. _known.Values.OrderBy(known => known.Report.Phase == TransferPhase.Ended).ThenByDescending(known => known.At).Select(known => known.Report)];
            }
        }
    }

    /// <summary>Takes a message of a node, an operator, or this node itself.</summary>
    public async ValueTask<TransferAnswer> TakeAsync(NodeId sender, TransferMessage message, CancellationToken cancellationToken) => message.Act switch
    {
        TransferAct.Start => await StartAsync(sender, message, cancellationToken).ConfigureAwait(false),
        TransferAct.Offer => await OfferAsync(sender, message, cancellationToken).ConfigureAwait(false),
        TransferAct.Report => await ReportAsync(sender, message, cancellationToken).ConfigureAwait(false),
        TransferAct.Status or TransferAct.Cancel => await PassToSourceAsync(sender, message, cancellationToken).ConfigureAwait(false),
        TransferAct.List when Operators.Is(sender) || sender == members.Self => TransferAnswer.Ok with { Reports = Reports },
        _ => new(TransferFault.Denied, "only an operator asks for that"),
    };

    private async ValueTask<TransferAnswer> StartAsync(NodeId sender, TransferMessage message, CancellationToken cancellationToken)
    {
        var plan = message.Plan!;
        if (plan.For != sender || (plan.To != sender && !Operators.Is(sender)))
        {
            return new(TransferFault.Denied, "a node asks for files that come to it; an operator asks for any");
        }

        if (FindMissing(plan) is { } missing)
        {
            return missing;
        }

        var report = new TransferReport(message.Transfer, plan, TransferPhase.Waiting);
        Remember(report);
        CrashPoints.Pass("master-start-taken");
        var answer = await members.AskAsync(plan.From, new(TransferAct.Send, message.Transfer) { Plan = plan }, cancellationToken).ConfigureAwait(false);
        CrashPoints.Pass("master-start-passed");
        if (answer.Fault != TransferFault.None)
        {
            Remember(report with { Phase = TransferPhase.Ended, Fault = answer.Fault, Text = answer.Text });
        }

        return answer;
    }

    private async ValueTask<TransferAnswer> OfferAsync(NodeId sender, TransferMessage message, CancellationToken cancellationToken)
    {
        if (!Wire.TryRead<TransferOffer>(message.Offer, out var offer) || offer.Transfer != message.Transfer || offer.Plan.From != sender)
        {
            return new(TransferFault.Protocol, "a node offers its own files only");
        }

        CrashPoints.Pass("master-offer-taken");

        // What others want was asked for here, by them: a node cannot say so in their place.
        if (offer.Plan.For != sender && !await IsWantedAsync(message.Transfer, offer.Plan, cancellationToken).ConfigureAwait(false))
        {
            return new(TransferFault.Denied, "nobody has asked for this file");
        }

        if (FindMissing(offer.Plan) is { } missing)
        {
            return missing;
        }

        var (source, sink) = tickets.Issue(offer);
        CrashPoints.Pass("master-tickets-made");
        var answer = await members.AskAsync(
            offer.Plan.To, new(TransferAct.Offer, message.Transfer) { Offer = message.Offer, Ticket = sink }, cancellationToken).ConfigureAwait(false);
        CrashPoints.Pass("master-offer-accepted");
        if (answer.Fault != TransferFault.None || answer.Hash is not null)
        {
            return answer;
        }

        Remember(new(message.Transfer, offer.Plan, TransferPhase.Running) { Attempt = AttemptNumber.CountOf(offer.Attempt), Length = offer.Length });
        return answer with { Ticket = source };
    }

    private async ValueTask<TransferAnswer> ReportAsync(NodeId sender, TransferMessage message, CancellationToken cancellationToken)
    {
        var report = message.Report!;
        CrashPoints.Pass("master-report-taken");
        if (report.Plan.From != sender || report.Transfer != message.Transfer || (report.Plan.For != sender && !await IsWantedAsync(report.Transfer, report.Plan, cancellationToken).ConfigureAwait(false)))
        {
            return new(TransferFault.Denied, "a node reports its own transfers only");
        }

        Remember(report);
        if (report.Plan.For != sender && !Operators.Is(report.Plan.For))
        {
            await members.AskAsync(report.Plan.For, message, cancellationToken).ConfigureAwait(false);
        }

        return TransferAnswer.Ok;
    }

    private async ValueTask<TransferAnswer> PassToSourceAsync(NodeId sender, TransferMessage message, CancellationToken cancellationToken)
    {
        TransferReport? known;
        lock (_gate)
        {
            known = _known.GetValueOrDefault(message.Transfer).Report;
        }

        if (known is null || (known.Plan.For != sender && !Operators.Is(sender)))
        {
            return new(TransferFault.NotFound, "the master knows no such transfer of this asker");
        }

        if (known.Phase == TransferPhase.Ended)
        {
            return message.Act == TransferAct.Status ? TransferAnswer.Ok with { Reports = [known] } : new(TransferFault.NotFound, "it is over");
        }

        return await members.AskAsync(known.Plan.From, message, cancellationToken).ConfigureAwait(false);
    }

    private TransferAnswer? FindMissing(TransferPlan plan) =>
        !members.IsLive(plan.From) ? new(TransferFault.NoSuchNode, $"no live node '{plan.From}'")
        : !members.IsLive(plan.To) ? new(TransferFault.NoSuchNode, $"no live node '{plan.To}'")
        : null;

    // A master that was restarted has forgotten it; whoever waits for it has not.
    private async ValueTask<bool> IsWantedAsync(UInt128 transfer, TransferPlan plan, CancellationToken cancellationToken)
    {
        if (IsKnown(transfer, plan) || Operators.Is(plan.For) || !members.IsLive(plan.For))
        {
            return IsKnown(transfer, plan);
        }

        var answer = await members.AskAsync(plan.For, new(TransferAct.Status, transfer), cancellationToken).ConfigureAwait(false);
        return answer.Reports.Any(report => report.Transfer == transfer && report.Plan == plan);
    }

    private bool IsKnown(UInt128 transfer, TransferPlan plan)
    {
        lock (_gate)
        {
            return _known.TryGetValue(transfer, out var known) && known.Report.Plan == plan;
        }
    }

    private void Remember(TransferReport report)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            Tell(_known.GetValueOrDefault(report.Transfer).Report, report);
            _known[report.Transfer] = (report, now);
            foreach (var (transfer, known) in _known)
            {
                // One that runs is reported every second: of one that is not nobody will ever hear again.
                var isOver = known.Report.Phase == TransferPhase.Ended;
                if ((isOver && _known.Count > MaxKnown) || time.GetElapsedTime(known.At, now) >= s_kept)
                {
                    _known.Remove(transfer);
                    Tell(known.Report, known.Report with { Phase = TransferPhase.Ended, Fault = TransferFault.PeerLost, Text = "its node reports no more" });
                }
            }
        }
    }

    // Under the gate, so that the order is that of what happened.
    private void Tell(TransferReport? before, TransferReport report)
    {
        if (before?.Phase == TransferPhase.Ended || report.Phase == TransferPhase.Waiting)
        {
            return;
        }

        var progress = report.ToProgress();
        tell(report.Phase == TransferPhase.Running ? before is null or { Attempt: 0 } ? new TransferStarted(progress) : new TransferProgressed(progress)
            : progress.IsDone ? new TransferCompleted(progress)
            : new TransferFailed(progress));
    }
}
