using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>Gets payloads from the processes that announced them, a bounded number from each at a time. Thread-safe.</summary>
internal sealed class PayloadReader
{
    /// <summary>Payloads of one process that are read at a time: with their windows, 16 MiB of parts on their way.</summary>
    public const int MaxOfOne = 8;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);

    private readonly PayloadLane _lane;
    private readonly ClusterDefences _defences;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<(InstanceId Holder, CallId Payload), PayloadFetch> _running = [];
    private readonly Dictionary<InstanceId, Queue<PayloadFetch>> _waiting = [];
    private readonly Dictionary<InstanceId, int> _counts = [];

    public PayloadReader(PayloadLane lane, ClusterDefences defences)
    {
        (_lane, _defences) = (lane, defences);
        _timer = lane.Clock.Time.CreateTimer(_ => Advance(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins to get a payload.</summary>
    public PayloadFetch Fetch(PayloadPeer holder, PayloadClaim claim)
    {
        var fetch = new PayloadFetch(this, holder, claim);
        if (claim.Length > ProtocolLimits.MaxPayload)
        {
            fetch.Complete(new(default, $"it has {claim.Length} bytes; up to {ProtocolLimits.MaxPayload} pass between nodes"));
            return fetch;
        }

        lock (_gate)
        {
            if (_counts.GetValueOrDefault(holder.Instance) < MaxOfOne)
            {
                Begin(fetch);
            }
            else
            {
                if (!_waiting.TryGetValue(holder.Instance, out var queue))
                {
                    _waiting.Add(holder.Instance, queue = new());
                }

                queue.Enqueue(fetch);
            }
        }

        return fetch;
    }

    /// <summary>Takes a part; false when nobody waits for it.</summary>
    public bool TryTake(Envelope envelope, PartMessage part)
    {
        PayloadFetch? fetch;
        bool isComplete;
        lock (_gate)
        {
            if (!_running.TryGetValue((envelope.Instance, envelope.Id), out fetch) || !fetch.Holder.Sent(envelope))
            {
                return false;
            }

            var more = fetch.Incoming!.Take(part, _lane.Clock.Now, out var isTaken);
            if (more is not null)
            {
                _lane.Ask(fetch.Holder, fetch.Claim.Id, more);
            }

            isComplete = isTaken && fetch.Incoming.IsComplete;
            if (!isComplete)
            {
                return isTaken;
            }
        }

        // The bus must not wait for the hash of a large payload.
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Reader.End(state.Fetch, state.Fetch.Incoming!.Finish()), (Reader: this, Fetch: fetch), preferLocal: true);
        return true;
    }

    /// <summary>Ends a payload, and lets the next one of its process begin.</summary>
    internal void End(PayloadFetch fetch, PayloadOutcome outcome)
    {
        lock (_gate)
        {
            if (_running.Remove((fetch.Holder.Instance, fetch.Claim.Id)))
            {
                // Its sender may forget it.
                _lane.Ask(fetch.Holder, fetch.Claim.Id, MoreMessage.None);
                Leave(fetch.Holder.Instance);
            }
        }

        fetch.Complete(outcome);
    }

    /// <summary>Ends every payload.</summary>
    public ValueTask CloseAsync()
    {
        PayloadFetch[] left;
        lock (_gate)
        {
            left = [.. _running.Values, .. _waiting.Values.SelectMany(queue => queue)];
            _waiting.Clear();
        }

        foreach (var fetch in left)
        {
            fetch.Abandon();
        }

        return _timer.DisposeAsync();
    }

    private void Begin(PayloadFetch fetch)
    {
        var instance = fetch.Holder.Instance;
        if (!_running.TryAdd((instance, fetch.Claim.Id), fetch))
        {
            fetch.Complete(new(default, "its name is taken by another one"));
            return;
        }

        _counts[instance] = _counts.GetValueOrDefault(instance) + 1;
        fetch.Incoming = new(fetch.Claim, _defences);
        _lane.Ask(fetch.Holder, fetch.Claim.Id, fetch.Incoming.Begin(_lane.Clock.Now));
        if (_running.Count == 1)
        {
            _timer.Change(s_tick, s_tick);
        }
    }

    private void Leave(InstanceId instance)
    {
        if (--_counts[instance] == 0)
        {
            _counts.Remove(instance);
        }

        while (_counts.GetValueOrDefault(instance) < MaxOfOne && _waiting.TryGetValue(instance, out var queue) && queue.TryDequeue(out var next))
        {
            if (queue.Count == 0)
            {
                _waiting.Remove(instance);
            }

            if (!next.Completion.IsCompleted)
            {
                Begin(next);
            }
        }
    }

    private void Advance()
    {
        List<PayloadFetch> silent = [];
        lock (_gate)
        {
            foreach (var fetch in _running.Values.Where(fetch => !fetch.Incoming!.IsComplete))
            {
                var more = fetch.Incoming!.Advance(_lane.Clock.Now, out var isGivenUp);
                if (isGivenUp)
                {
                    silent.Add(fetch);
                }
                else if (more is not null)
                {
                    _lane.Ask(fetch.Holder, fetch.Claim.Id, more);
                }
            }

            if (_running.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var fetch in silent)
        {
            End(fetch, new(default, "its sender fell silent"));
        }
    }
}
