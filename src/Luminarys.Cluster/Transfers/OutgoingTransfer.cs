using System.Security.Cryptography;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Transfers;

/// <summary>
/// One transfer on the node that has the file: offers it, sends it, and tries again when that may help. It has succeeded when the receiver has said so, through
/// the tunnel or to a later offer of the same transfer. Runs once.
/// </summary>
internal sealed class OutgoingTransfer
{
    private readonly UInt128 _transfer;
    private readonly ITransferFiles _files;
    private readonly ITransferDesk _desk;
    private readonly TransferPipes _pipes;
    private readonly TransferLimits _limits;
    private readonly DateTimeOffset _begin;
    private readonly Lock _gate = new();
    private TransferReport _report;
    private SourceAttempt? _attempt;
    private (long At, long Sent) _mark;

    /// <param name="transfer">Its name.</param>
    /// <param name="plan">What is copied.</param>
    /// <param name="files">Opens the file.</param>
    /// <param name="desk">The master.</param>
    /// <param name="pipes">Makes tunnels.</param>
    /// <param name="limits">How often it tries, and how large a file may be.</param>
    public OutgoingTransfer(UInt128 transfer, TransferPlan plan, ITransferFiles files, ITransferDesk desk, TransferPipes pipes, TransferLimits limits)
    {
        (_transfer, _files, _desk, _pipes, _limits, _begin) = (transfer, files, desk, pipes, limits, pipes.Time.GetUtcNow());
        _report = new(transfer, plan, TransferPhase.Waiting);
    }

    /// <summary>Log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How far it is.</summary>
    public TransferReport Report
    {
        get
        {
            lock (_gate)
            {
                return _attempt is null ? _report : Measured(_attempt.Progress);
            }
        }
    }

    /// <summary>Runs it to its end and answers how that was.</summary>
    public async Task<TransferReport> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 1u; ; attempt++)
            {
                var end = await TryAsync(attempt, cancellationToken).ConfigureAwait(false);
                var isLast = attempt >= _limits.Attempts || !(end.Fault == TransferFault.OutcomeUnknown || end.IsWorthAnother);
                lock (_gate)
                {
                    _report = _report with { Phase = isLast ? TransferPhase.Ended : TransferPhase.Waiting, Fault = end.Fault, Hash = end.Hash, Rate = 0 };
                    _report = end.Fault == TransferFault.None ? _report with { Sent = _report.Length, Durable = _report.Length, Text = "" } : _report;
                }

                if (isLast)
                {
                    return Report;
                }

                Log.FileSentAgain(Logger, attempt, _report.Plan.FromPath, _report.Plan.To, end.Fault);
                await Task.Delay(Pause(attempt), _pipes.Time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return End(TransferFault.Cancelled, "it was given up");
        }
    }

    private async ValueTask<AttemptEnd> TryAsync(uint attempt, CancellationToken cancellationToken)
    {
        var opened = _files.OpenOutgoing(_report.Plan.FromPath);
        if (!opened.IsSuccess)
        {
            return Refuse(TransferFaults.Of(opened.Fault), $"node '{_report.Plan.From}' does not give '{_report.Plan.FromPath}' away");
        }

        using var file = opened.Value;
        if (file.Length > _limits.MaxLength)
        {
            return Refuse(TransferFault.TooLarge, $"the file has {file.Length} bytes; {_limits.MaxLength} are allowed");
        }

        lock (_gate)
        {
            _report = _report with { Phase = TransferPhase.Running, Attempt = attempt, Length = file.Length, Sent = 0, Durable = 0 };
        }

        using var keys = _pipes.NewKeys();
        var number = AttemptNumber.Of(_begin, attempt);
        var offer = TransferWire.ToBytes(
            new TransferOffer(_report.Plan, _transfer, number, file.Length, file.Fingerprint, file.Mode) { PublicKey = keys?.PublicKey ?? [] });
        var answer = await _desk.AskAsync(new(TransferAct.Offer, _transfer) { Offer = offer }, cancellationToken).ConfigureAwait(false);
        if (answer.Fault != TransferFault.None || answer.Hash is not null)
        {
            return answer.Hash is { } hash ? new(TransferFault.None, hash) : Refuse(answer.Fault, answer.Text);
        }

        if (answer.Ticket is not { } ticket || !Wire.TryRead<TransferAcceptance>(answer.Acceptance, out var acceptance)
            || acceptance.Transfer != _transfer || acceptance.Attempt != number)
        {
            return Refuse(TransferFault.Protocol, $"node '{_report.Plan.To}' accepted another offer");
        }

        var (seals, fault) = TransferPipes.SealsOf(TransferRole.Source, keys, acceptance.PublicKey, offer, answer.Acceptance);
        if (seals is null)
        {
            return Refuse(fault, "the two nodes do not agree on encryption");
        }

        CrashPoints.Pass("source-accepted");
        using (seals)
        {
            return await SendAsync(file, ticket, seals, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<AttemptEnd> SendAsync(IOutgoingFile file, TransferTicket ticket, TunnelSeals seals, CancellationToken cancellationToken)
    {
        var channel = await _pipes.OpenAsync(ticket, _report.Plan.To, cancellationToken).ConfigureAwait(false);
        if (channel.Stream is not { } stream)
        {
            return Refuse(TransferFaults.Of(channel.Fault), $"the relay at '{ticket.RelayAddress}' answered: {channel.Fault}");
        }

        CrashPoints.Pass("source-joined");
        await using (stream.ConfigureAwait(false))
        {
            using var attempt = new SourceAttempt(file, stream, seals, _pipes.Settings, _pipes.Time);
            lock (_gate)
            {
                (_attempt, _mark) = (attempt, (_pipes.Time.GetTimestamp(), 0));
            }

            try
            {
                return await attempt.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                lock (_gate)
                {
                    (_report, _attempt) = (Measured(attempt.Progress), null);
                }
            }
        }
    }

    // Under the gate. The rate is that since it was last asked for, at least a second ago; what the receiver had before counts for none.
    private TransferReport Measured((long Sent, long Durable) progress)
    {
        var now = _pipes.Time.GetTimestamp();
        if (_mark.Sent == 0)
        {
            _mark = (now, progress.Sent);
        }

        var passed = _pipes.Time.GetElapsedTime(_mark.At, now);
        if (passed >= TimeSpan.FromSeconds(1))
        {
            _report = _report with { Rate = (long)((progress.Sent - _mark.Sent) / passed.TotalSeconds) };
            _mark = (now, progress.Sent);
        }

        return _report = _report with { Sent = progress.Sent, Durable = progress.Durable };
    }

    private AttemptEnd Refuse(TransferFault fault, string text)
    {
        lock (_gate)
        {
            _report = _report with { Text = text };
        }

        return new(fault);
    }

    private TransferReport End(TransferFault fault, string text)
    {
        lock (_gate)
        {
            return _report = _report with { Phase = TransferPhase.Ended, Fault = fault, Text = text, Rate = 0 };
        }
    }

    // Full jitter: whoever was cut off at the same moment does not come back at the same moment.
    private TimeSpan Pause(uint attempt)
    {
        var longest = _limits.FirstPause * Math.Pow(2, attempt - 1);
        return (longest < _limits.LongestPause ? longest : _limits.LongestPause) * (RandomNumberGenerator.GetInt32(100, 1001) / 1000.0);
    }
}
