using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>
/// One attempt as the node sees it that gets the file: OPENING → PREPARING → RESUMING → RECEIVING → VERIFYING → COMMITTING → ended. The file has its name
/// only after size and hash are those that the source says. Every method answers what is to be done, in order. Not thread-safe; reads no clock and
/// touches no file.
/// </summary>
/// <param name="length">Size of the file as it was offered.</param>
/// <param name="fingerprint">Its fingerprint as it was offered.</param>
/// <param name="settings">Times and sizes.</param>
/// <param name="begin">Now.</param>
internal sealed class SinkSession(long length, UInt128 fingerprint, AttemptSettings settings, TimeSpan begin)
{
    private TunnelMessage.Finish? _finish;
    private long _resumed;
    private long _flushAsked;
    private TimeSpan _flushAskedAt;
    private TimeSpan _heardAt = begin;
    private TimeSpan _saidAt = begin;

    /// <summary>How far it is.</summary>
    public SinkState State { get; private set; }

    /// <summary>How much of the file has come.</summary>
    public long Received { get; private set; }

    /// <summary>The source said something.</summary>
    public IReadOnlyList<SinkAction> Hear(TunnelMessage message, TimeSpan now)
    {
        if (State == SinkState.Ended)
        {
            return [];
        }

        _heardAt = now;
        return message switch
        {
            TunnelMessage.Alive => [],
            TunnelMessage.Abort abort => End(abort.Fault, IsUseless(abort.Fault)),
            TunnelMessage.Open open when State == SinkState.Opening => Open(open),
            TunnelMessage.Agree agree when State == SinkState.Resuming && (agree.Offset == _resumed || agree.Offset == 0) => Agree(agree, now),
            TunnelMessage.Finish finish when State == SinkState.Receiving => Finish(finish),
            _ => Break(TransferFault.Protocol),
        };
    }

    /// <summary>What was there from before was hashed: it is kept when the source agrees.</summary>
    public IReadOnlyList<SinkAction> Prepared(long offset, ContentHash hash, TimeSpan now)
    {
        if (State != SinkState.Preparing)
        {
            return [];
        }

        (State, _resumed) = (SinkState.Resuming, offset);
        return [Say(new TunnelMessage.Resume(offset, hash), now)];
    }

    /// <summary>
    /// A part of the file came: it is to be written when nothing is to be done or the actions begin with a flush, and not when they end the attempt.
    /// </summary>
    public IReadOnlyList<SinkAction> Take(long offset, int count, TimeSpan now)
    {
        if (State == SinkState.Ended)
        {
            return [];
        }

        _heardAt = now;
        if (State != SinkState.Receiving || offset != Received || count == 0 || count > length - offset)
        {
            return Break(TransferFault.Protocol);
        }

        Received += count;
        if (Received - _flushAsked < settings.FlushEveryBytes && now - _flushAskedAt < settings.FlushEvery)
        {
            return [];
        }

        (_flushAsked, _flushAskedAt) = (Received, now);
        return settings.Defences.MarkAfterFlush ? [new SinkAction.Flush(Received)] : [new SinkAction.Flush(Received), Say(new TunnelMessage.Mark(Received), now)];
    }

    /// <summary>Everything before this is on the disk.</summary>
    public IReadOnlyList<SinkAction> Flushed(long offset, TimeSpan now) =>
        State is SinkState.Receiving or SinkState.Verifying ? [Say(new TunnelMessage.Mark(offset), now)] : [];

    /// <summary>The hash of everything that was written.</summary>
    public IReadOnlyList<SinkAction> Verified(ContentHash hash)
    {
        if (State != SinkState.Verifying)
        {
            return [];
        }

        if (hash != _finish!.Hash && settings.Defences.WholeHash)
        {
            return Break(TransferFault.Corrupt);
        }

        State = SinkState.Committing;
        return settings.Defences.DoneAfterCommit ? [new SinkAction.Commit()] : [new SinkAction.Say(new TunnelMessage.Done(length, _finish.Hash)), new SinkAction.Commit()];
    }

    /// <summary>The file has its name, and the disk knows it.</summary>
    public IReadOnlyList<SinkAction> Committed(TimeSpan now)
    {
        if (State != SinkState.Committing)
        {
            return [];
        }

        State = SinkState.Ended;
        return [Say(new TunnelMessage.Done(length, _finish!.Hash), now), new SinkAction.End(new(TransferFault.None, _finish.Hash), IsUseless: false)];
    }

    /// <summary>Somebody gave up. What is being given its name gets it all the same.</summary>
    public IReadOnlyList<SinkAction> Cancel() => State is SinkState.Ended or SinkState.Committing ? [] : Break(TransferFault.Cancelled);

    /// <summary>The disk did not do as asked.</summary>
    public IReadOnlyList<SinkAction> Fail(TransferFault fault) => State == SinkState.Ended ? [] : Break(fault);

    /// <summary>The channel closed, or carried a frame that does not open. What is being committed is committed all the same.</summary>
    public IReadOnlyList<SinkAction> Lose(TransferFault fault) => State is SinkState.Ended or SinkState.Committing ? [] : End(fault, isUseless: false);

    /// <summary>Lets time pass.</summary>
    public IReadOnlyList<SinkAction> Advance(TimeSpan now)
    {
        if (State == SinkState.Ended)
        {
            return [];
        }

        if (State is (SinkState.Opening or SinkState.Resuming or SinkState.Receiving) && now - _heardAt >= settings.SilenceLimit)
        {
            return End(TransferFault.PeerLost, isUseless: false);
        }

        return now - _saidAt >= settings.AliveEvery ? [Say(TunnelMessage.Alive.Instance, now)] : [];
    }

    private IReadOnlyList<SinkAction> Open(TunnelMessage.Open open)
    {
        if (open.Length != length || open.Fingerprint != fingerprint)
        {
            return Break(TransferFault.SourceChanged);
        }

        State = SinkState.Preparing;
        return [new SinkAction.Prepare()];
    }

    private IReadOnlyList<SinkAction> Agree(TunnelMessage.Agree agree, TimeSpan now)
    {
        (State, Received, _flushAsked, _flushAskedAt) = (SinkState.Receiving, agree.Offset, agree.Offset, now);
        return agree.Offset == _resumed ? [] : [new SinkAction.Restart()];
    }

    private IReadOnlyList<SinkAction> Finish(TunnelMessage.Finish finish)
    {
        if (!finish.IsUnchanged && settings.Defences.UnchangedSource)
        {
            return Break(TransferFault.SourceChanged);
        }

        if (finish.Length != length || Received != length)
        {
            return Break(TransferFault.Protocol);
        }

        (State, _finish) = (SinkState.Verifying, finish);
        return [new SinkAction.Verify()];
    }

    private IReadOnlyList<SinkAction> Break(TransferFault fault) => [new SinkAction.Say(new TunnelMessage.Abort(fault)), .. End(fault, IsUseless(fault))];

    private IReadOnlyList<SinkAction> End(TransferFault fault, bool isUseless)
    {
        State = SinkState.Ended;
        return [new SinkAction.End(new(fault), isUseless)];
    }

    // On a full disk what came, with the room that was taken for the rest, is what everybody else waits for.
    private static bool IsUseless(TransferFault fault) => fault is TransferFault.SourceChanged or TransferFault.Corrupt or TransferFault.NoSpace;

    private SinkAction.Say Say(TunnelMessage message, TimeSpan now)
    {
        _saidAt = now;
        return new(message);
    }
}
