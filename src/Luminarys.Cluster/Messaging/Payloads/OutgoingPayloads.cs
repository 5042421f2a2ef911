using System.Security.Cryptography;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>Payloads that were announced and that their readers may ask for. Sends nothing unasked. Thread-safe.</summary>
internal sealed class OutgoingPayloads
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(60);

    private readonly PayloadLane _lane;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, HeldPayload> _held = [];

    public OutgoingPayloads(PayloadLane lane)
    {
        _lane = lane;
        _timer = lane.Clock.Time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Payloads that are kept, for tests.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>Names a payload.</summary>
    public PayloadClaim Claim(ReadOnlyMemory<byte> payload) =>
        new(CallId.New(_lane.Clock.Time), payload.Length, _lane.InlineLimit, SHA256.HashData(payload.Span));

    /// <summary>Keeps a payload for its reader, who is about to hear of it.</summary>
    public void Hold(PayloadPeer reader, PayloadClaim claim, ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            _held.Add(claim.Id, new(reader, claim, payload) { TouchedAt = _lane.Clock.Now });
            if (_held.Count == 1)
            {
                _timer.Change(s_sweep, s_sweep);
            }
        }
    }

    /// <summary>Nobody needs it any more.</summary>
    public void Release(CallId payload)
    {
        lock (_gate)
        {
            _held.Remove(payload);
        }
    }

    /// <summary>Takes a question; false when its sender was not told of the payload, or asks for what does not exist.</summary>
    public bool TryAnswer(Envelope envelope, MoreMessage more)
    {
        HeldPayload? held;
        lock (_gate)
        {
            if (!_held.TryGetValue(envelope.Id, out held) || !held.Reader.Sent(envelope))
            {
                return false;
            }

            if (more.Count == 0)
            {
                return _held.Remove(envelope.Id);
            }

            if (!held.TryAsk(more))
            {
                return false;
            }

            held.TouchedAt = _lane.Clock.Now;
            if (held.IsSending)
            {
                return true;
            }

            held.IsSending = true;
        }

        _ = SendAsync(held);
        return true;
    }

    public ValueTask CloseAsync()
    {
        lock (_gate)
        {
            _held.Clear();
        }

        return _timer.DisposeAsync();
    }

    // A part that the bus does not take is asked for again.
    private async Task SendAsync(HeldPayload held)
    {
        // The bus must not wait for it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (Next(held) is { } more)
        {
            for (var index = more.First; index < more.First + more.Count; index++)
            {
                if (await _lane.SendAsync(held.Reader, held.Claim.Id, held.Part(index)).ConfigureAwait(false) != InvocationError.None)
                {
                    break;
                }
            }
        }
    }

    private MoreMessage? Next(HeldPayload held)
    {
        lock (_gate)
        {
            if (_held.ContainsKey(held.Claim.Id) && held.TryNext(out var more))
            {
                return more;
            }

            held.IsSending = false;
            return null;
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            foreach (var held in _held.Values.Where(held => _lane.Clock.Now - held.TouchedAt >= s_keep).ToArray())
            {
                _held.Remove(held.Claim.Id);
            }

            if (_held.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
