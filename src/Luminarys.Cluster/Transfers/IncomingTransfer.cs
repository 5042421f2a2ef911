using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>One attempt on the node that gets the file, from its acceptance to its end. Runs once; owns the file and the seals.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing to release, and somebody may stop it after its end.
internal sealed class IncomingTransfer(IIncomingFile file, TransferOffer offer, TransferTicket ticket, TunnelSeals seals, TransferPipes pipes)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>What was offered.</summary>
    public TransferOffer Offer => offer;

    /// <summary>Completes when it is over and the file is closed. Begin it with <see cref="Start"/>.</summary>
    public Task<AttemptEnd> Completion { get; private set; } = Task.FromResult(new AttemptEnd(TransferFault.Cancelled));

    /// <summary>Begins.</summary>
    public void Start() => Completion = RunAsync();

    /// <summary>Ends it as soon as it can; what has come is kept.</summary>
    public void Stop() => _stop.Cancel();

    private async Task<AttemptEnd> RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var owned = file;
        using var closed = seals;
        try
        {
            var channel = await pipes.OpenAsync(ticket, offer.Plan.From, _stop.Token).ConfigureAwait(false);
            if (channel.Stream is not { } stream)
            {
                return new(TransferFaults.Of(channel.Fault));
            }

            CrashPoints.Pass("sink-joined");
            await using (stream.ConfigureAwait(false))
            {
                using var attempt = new SinkAttempt(file, (offer.Length, offer.Fingerprint), stream, seals, pipes.Settings, pipes.Time);
                return await attempt.RunAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return new(TransferFault.Cancelled);
        }
    }
}
