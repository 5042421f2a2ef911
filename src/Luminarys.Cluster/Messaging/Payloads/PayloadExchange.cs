using Luminarys.Cluster.Protocol;
using Luminarys.Ports;

namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>
/// Arguments and results that do not fit one message. Their place in the message is taken by a claim, and the receiver draws the parts at its own pace, so
/// that neither end is flooded. Thread-safe.
/// </summary>
internal sealed class PayloadExchange
{
    private readonly PayloadLane _lane;
    private readonly Inbox _inbox;
    private readonly OutgoingPayloads _outgoing;
    private readonly PayloadReader _reader;

    public PayloadExchange(PayloadLane lane, Inbox inbox, ClusterDefences? defences = null)
    {
        (_lane, _inbox) = (lane, inbox);
        _outgoing = new(lane);
        _reader = new(lane, defences ?? ClusterDefences.All);
    }

    /// <summary>Payloads that their readers may still ask for, for tests.</summary>
    public int Held => _outgoing.Count;

    /// <summary>What to send in place of the payload, which is kept for the reader from now on; null when it fits the message.</summary>
    public PayloadClaim? Offer(PayloadPeer reader, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length <= _lane.InlineLimit)
        {
            return null;
        }

        var claim = _outgoing.Claim(payload);
        _outgoing.Hold(reader, claim, payload);
        return claim;
    }

    /// <summary>Nobody needs the payload any more.</summary>
    public void Release(PayloadClaim claim) => _outgoing.Release(claim.Id);

    /// <summary>Begins to get a payload.</summary>
    public PayloadFetch Fetch(PayloadPeer holder, PayloadClaim claim) => _reader.Fetch(holder, claim);

    /// <summary>Gets a payload, or says why not.</summary>
    public async ValueTask<PayloadOutcome> FetchAsync(PayloadPeer holder, PayloadClaim claim, CancellationToken cancellationToken)
    {
        var fetch = _reader.Fetch(holder, claim);
        using var registration = cancellationToken.UnsafeRegister(static state => ((PayloadFetch)state!).Abandon(), fetch);
        return await fetch.Completion.ConfigureAwait(false);
    }

    /// <summary>Takes a part. Called by the bus.</summary>
    public void OnPart(in BusMessage message)
    {
        if (!_inbox.TryOpen(message, out var received) || received.IsVersionUnsupported)
        {
            return;
        }

        if (!received.Envelope.TryRead<PartMessage>(out var part) || !_reader.TryTake(received.Envelope, part))
        {
            _inbox.Drop("part", message.Subject);
        }
    }

    /// <summary>Takes a question for parts. Called by the bus.</summary>
    public void OnMore(in BusMessage message)
    {
        if (!_inbox.TryOpen(message, out var received) || received.IsVersionUnsupported)
        {
            return;
        }

        if (!received.Envelope.TryRead<MoreMessage>(out var more) || !_outgoing.TryAnswer(received.Envelope, more))
        {
            _inbox.Drop("more", message.Subject);
        }
    }

    /// <summary>Ends whatever is on its way.</summary>
    public async ValueTask CloseAsync()
    {
        await _reader.CloseAsync().ConfigureAwait(false);
        await _outgoing.CloseAsync().ConfigureAwait(false);
    }
}
