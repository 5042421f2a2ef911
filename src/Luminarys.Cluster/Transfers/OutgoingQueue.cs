using System.Collections.Concurrent;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Transfers;

/// <summary>The files that a node sends: a few at once, some waiting, and for a while those that are over, for whoever missed their end. Thread-safe.</summary>
internal sealed class OutgoingQueue(ITransferDesk desk, TransferPipes pipes, TransferLimits limits, ILogger logger) : IAsyncDisposable
{
    private const int MaxRemembered = 256;
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<UInt128, (OutgoingTransfer Transfer, CancellationTokenSource Stop)> _running = new();
    private readonly ConcurrentQueue<TransferReport> _ended = new();
    private readonly SemaphoreSlim _places = new(limits.Outgoing, limits.Outgoing);
    private volatile bool _isDraining;

    /// <summary>Begins one that another node, or an operator, waits for.</summary>
    public TransferAnswer Start(UInt128 transfer, TransferPlan plan, ITransferFiles files)
    {
        if (Find(transfer) is not null)
        {
            // The master asks again when it did not hear the first answer.
            return TransferAnswer.Ok;
        }

        if (Enter(transfer, plan, files, CancellationToken.None) is not { } entered)
        {
            return new(TransferFault.Busy, $"node '{plan.From}' has {limits.Outgoing + limits.Queue} files to send already");
        }

        _ = ReportEndAsync(RunAsync(entered));
        return TransferAnswer.Ok;
    }

    /// <summary>Runs one that a skill of this node waits for.</summary>
    public async Task<TransferReport> RunAsync(UInt128 transfer, TransferPlan plan, ITransferFiles files, CancellationToken cancellationToken)
    {
        if (Enter(transfer, plan, files, cancellationToken) is not { } entered)
        {
            return new(transfer, plan, TransferPhase.Ended) { Fault = TransferFault.Busy, Text = $"this node has {limits.Outgoing + limits.Queue} files to send already" };
        }

        var report = await RunAsync(entered).ConfigureAwait(false);
        _ = TellAsync(report);
        return report;
    }

    /// <summary>How far one is, or how it ended; null when nothing is known of it.</summary>
    public TransferReport? Find(UInt128 transfer) =>
        _running.TryGetValue(transfer, out var running) ? running.Transfer.Report : _ended.FirstOrDefault(report => report.Transfer == transfer);

    /// <summary>Gives one up; false when it does not run.</summary>
    public bool Cancel(UInt128 transfer)
    {
        if (!_running.TryGetValue(transfer, out var running))
        {
            return false;
        }

        running.Stop.Cancel();
        return true;
    }

    /// <summary>Begins nothing more, ends what runs, and waits for it.</summary>
    public async ValueTask DrainAsync()
    {
        _isDraining = true;
        foreach (var running in _running.Values)
        {
            await running.Stop.CancelAsync().ConfigureAwait(false);
        }

        while (!_running.IsEmpty)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), pipes.Time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync().ConfigureAwait(false);
        _places.Dispose();
    }

    private (OutgoingTransfer Transfer, CancellationTokenSource Stop, UInt128 Name)? Enter(
        UInt128 name, TransferPlan plan, ITransferFiles files, CancellationToken cancellationToken)
    {
        if (_isDraining || _running.Count >= limits.Outgoing + limits.Queue)
        {
            return null;
        }

        var transfer = new OutgoingTransfer(name, plan, files, desk, pipes, limits) { Logger = logger };
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_running.TryAdd(name, (transfer, stop)))
        {
            return (transfer, stop, name);
        }

        stop.Dispose();
        return null;
    }

    private async Task<TransferReport> RunAsync((OutgoingTransfer Transfer, CancellationTokenSource Stop, UInt128 Name) entered)
    {
        using var stop = entered.Stop;
        using var reporting = new CancellationTokenSource();
        var reports = ReportAsync(entered.Transfer, reporting.Token);
        var report = entered.Transfer.Report;
        try
        {
            await _places.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                report = await entered.Transfer.RunAsync(stop.Token).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            report = report with { Phase = TransferPhase.Ended, Fault = TransferFault.Cancelled, Text = "it was given up before it began" };
        }

        await reporting.CancelAsync().ConfigureAwait(false);
        await reports.ConfigureAwait(false);
        Remember(report);
        _running.TryRemove(entered.Name, out _);
        Log.FileSent(logger, report.Plan.FromPath, report.Plan.To, report.Fault);
        return report;
    }

    private void Remember(TransferReport report)
    {
        _ended.Enqueue(report);
        while (_ended.Count > MaxRemembered)
        {
            _ended.TryDequeue(out _);
        }
    }

    private async Task ReportAsync(OutgoingTransfer transfer, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_reportEvery, pipes.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                await TellAsync(transfer.Report).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private async Task ReportEndAsync(Task<TransferReport> transfer)
    {
        try
        {
            await TellAsync(await transfer.ConfigureAwait(false)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody awaits this work: a defect of one transfer is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.TransferFailed(logger, exception);
        }
    }

    // One that is lost is asked for.
    private async Task TellAsync(TransferReport report) =>
        await desk.AskAsync(new(TransferAct.Report, report.Transfer) { Report = report }, CancellationToken.None).ConfigureAwait(false);
}
