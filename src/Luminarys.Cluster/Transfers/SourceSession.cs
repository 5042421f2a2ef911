using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>
/// One attempt as the node sees it that has the file: OPENING → COMPARING → SENDING → FINISHING → ended. Succeeds only by the sink's confirmation of size and
/// hash. Every method answers what is to be done, in order. Not thread-safe; reads no clock and touches no file.
/// </summary>
/// <param name="length">Size of the file as it was offered.</param>
/// <param name="fingerprint">Its fingerprint as it was offered.</param>
/// <param name="settings">Times and sizes.</param>
internal sealed class SourceSession(long length, UInt128 fingerprint, AttemptSettings settings)
{
    private long _agreed;
    private ContentHash _claimed;
    private ContentHash _hash;
    private TimeSpan _heardAt;
    private TimeSpan _saidAt;

    /// <summary>How far it is.</summary>
    public SourceState State { get; private set; }

    /// <summary>How much of the file the sink has on its disk.</summary>
    public long Durable { get; private set; }

    /// <summary>Whether a part that ends here may be sent, or the sink's disk must catch up first.</summary>
    public bool MaySend(long end) => end - Durable <= settings.Window || !settings.Defences.Window;

    /// <summary>Begins.</summary>
    public IReadOnlyList<SourceAction> Start(TimeSpan now)
    {
        (State, _heardAt, _saidAt) = (SourceState.Opening, now, now);
        return [new SourceAction.Say(new TunnelMessage.Open(length, fingerprint))];
    }

    /// <summary>The sink said something.</summary>
    public IReadOnlyList<SourceAction> Hear(TunnelMessage message, TimeSpan now)
    {
        if (State is SourceState.New or SourceState.Ended)
        {
            return [];
        }

        _heardAt = now;
        return message switch
        {
            TunnelMessage.Alive => [],
            TunnelMessage.Abort abort => End(abort.Fault),
            TunnelMessage.Resume resume when State == SourceState.Opening && resume.Offset <= length => Compare(resume, now),
            TunnelMessage.Mark mark when State is SourceState.Sending or SourceState.Finishing && mark.Offset >= Durable && mark.Offset <= length => Keep(mark),
            TunnelMessage.Done done when State == SourceState.Finishing => Confirm(done, now),
            _ => Break(TransferFault.Protocol, now),
        };
    }

    /// <summary>The beginning of the file was hashed.</summary>
    public IReadOnlyList<SourceAction> PrefixHashed(ContentHash hash, TimeSpan now)
    {
        if (State != SourceState.Comparing)
        {
            return [];
        }

        // What the sink has is not the beginning of this file: everything anew.
        return hash == _claimed || !settings.Defences.PrefixHash ? Send(_agreed, keepsHash: true, now) : Send(0, keepsHash: false, now);
    }

    /// <summary>A part of the file was sent.</summary>
    public void Sent(TimeSpan now) => _saidAt = now;

    /// <summary>The whole file was sent.</summary>
    public IReadOnlyList<SourceAction> AllSent(ContentHash hash, bool isUnchanged, TimeSpan now)
    {
        if (State != SourceState.Sending)
        {
            return [];
        }

        (State, _hash) = (SourceState.Finishing, hash);
        return [Say(new TunnelMessage.Finish(length, hash, isUnchanged), now)];
    }

    /// <summary>The file could not be read, or whoever asked for it gave up.</summary>
    public IReadOnlyList<SourceAction> Fail(TransferFault fault, TimeSpan now) => State == SourceState.Ended ? [] : Break(fault, now);

    /// <summary>The channel closed, or carried a frame that does not open.</summary>
    public IReadOnlyList<SourceAction> Lose(TransferFault fault) => State == SourceState.Ended ? [] : End(fault);

    /// <summary>Lets time pass.</summary>
    public IReadOnlyList<SourceAction> Advance(TimeSpan now)
    {
        if (State is SourceState.New or SourceState.Ended)
        {
            return [];
        }

        // A sink that takes parts of the file is there, also when it says nothing.
        if (now - _heardAt >= settings.SilenceLimit && (State != SourceState.Sending || now - _saidAt >= settings.SilenceLimit))
        {
            return End(TransferFault.PeerLost);
        }

        return State != SourceState.Sending && now - _saidAt >= settings.AliveEvery ? [Say(TunnelMessage.Alive.Instance, now)] : [];
    }

    private IReadOnlyList<SourceAction> Compare(TunnelMessage.Resume resume, TimeSpan now)
    {
        if (resume.Offset == 0)
        {
            return Send(0, keepsHash: false, now);
        }

        (State, _agreed, _claimed) = (SourceState.Comparing, resume.Offset, resume.Hash);
        return [new SourceAction.HashPrefix(resume.Offset)];
    }

    private IReadOnlyList<SourceAction> Send(long offset, bool keepsHash, TimeSpan now)
    {
        (State, Durable) = (SourceState.Sending, offset);
        return [Say(new TunnelMessage.Agree(offset), now), new SourceAction.SendFrom(offset, keepsHash)];
    }

    private IReadOnlyList<SourceAction> Keep(TunnelMessage.Mark mark)
    {
        Durable = mark.Offset;
        return [];
    }

    private IReadOnlyList<SourceAction> Confirm(TunnelMessage.Done done, TimeSpan now) =>
        done.Length == length && done.Hash == _hash ? End(TransferFault.None) : Break(TransferFault.Corrupt, now);

    private IReadOnlyList<SourceAction> Break(TransferFault fault, TimeSpan now) => [Say(new TunnelMessage.Abort(fault), now), .. End(fault)];

    // After the last byte nobody but the sink knows how it ended.
    private IReadOnlyList<SourceAction> End(TransferFault fault)
    {
        var hasSentAll = State == SourceState.Finishing;
        State = SourceState.Ended;
        return [new SourceAction.End(hasSentAll && fault == TransferFault.PeerLost ? new(TransferFault.OutcomeUnknown, _hash) : new(fault, hasSentAll ? _hash : null))];
    }

    private SourceAction.Say Say(TunnelMessage message, TimeSpan now)
    {
        _saidAt = now;
        return new(message);
    }
}
