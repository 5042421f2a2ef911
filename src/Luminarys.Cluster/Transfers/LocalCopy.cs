using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>A copy from one place of a node to another: the same two ends and the same promises, with a pipe between them.</summary>
internal static class LocalCopy
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="transfer">Its name.</param>
    /// <param name="plan">What is copied.</param>
    /// <param name="own">What the skill may open.</param>
    /// <param name="shared">What the node shares with others; null for nothing.</param>
    /// <param name="pipes">Times and sizes.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task<TransferReport> RunAsync(
        UInt128 transfer, TransferPlan plan, ITransferFiles own, ITransferFiles? shared, TransferPipes pipes, CancellationToken cancellationToken)
    {
        var ended = new TransferReport(transfer, plan, TransferPhase.Ended);
        var source = own.OpenOutgoing(plan.FromPath);
        if (!source.IsSuccess)
        {
            return ended with { Fault = TransferFaults.Of(source.Fault), Text = $"this node does not give '{plan.FromPath}' away" };
        }

        using var outgoing = source.Value;
        var sink = (shared ?? own).OpenIncoming(plan.ToPath, new(transfer, outgoing.Fingerprint, outgoing.Length, outgoing.Mode, plan.Overwrites));
        if (!sink.IsSuccess)
        {
            return ended with { Fault = TransferFaults.Of(sink.Fault), Text = $"this node does not take '{plan.ToPath}'" };
        }

        using var incoming = sink.Value;
        var end = await RunAsync(outgoing, incoming, pipes, cancellationToken).ConfigureAwait(false);
        return ended with { Fault = end.Fault, Hash = end.Hash, Length = outgoing.Length, Sent = outgoing.Length, Durable = outgoing.Length, Attempt = 1 };
    }

    private static async Task<AttemptEnd> RunAsync(IOutgoingFile outgoing, IIncomingFile incoming, TransferPipes pipes, CancellationToken cancellationToken)
    {
        var (left, right) = Loopback.LoopbackRelayStream.CreatePair();
        using var sourceSeals = TunnelSeals.Plain(TransferRole.Source);
        using var sinkSeals = TunnelSeals.Plain(TransferRole.Sink);
        using var sending = new SourceAttempt(outgoing, left, sourceSeals, pipes.Settings, pipes.Time);
        using var taking = new SinkAttempt(incoming, (outgoing.Length, outgoing.Fingerprint), right, sinkSeals, pipes.Settings, pipes.Time);
        var taken = EndAsync(taking.RunAsync(CancellationToken.None), right);
        var sent = EndAsync(sending.RunAsync(cancellationToken), left);
        await taken.ConfigureAwait(false);
        return await sent.ConfigureAwait(false);
    }

    private static async Task<AttemptEnd> EndAsync(Task<AttemptEnd> attempt, Stream stream)
    {
        var end = await attempt.ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
        return end;
    }
}
