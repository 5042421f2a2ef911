using System.Collections.Immutable;
using Luminarys.Transfers;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>The limits of one pair: bytes in all, bytes each second, silence, and a reader that hoards its place. Used by both directions at once.</summary>
internal sealed class RelayPace(ulong maxBytes, ImmutableArray<TokenBucket> rates, TimeSpan idleTimeout, TimeProvider time)
{
    private const int FloorPerSecond = 16 * 1024;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly Direction[] _toward = [new(), new()];
    private ulong _carried;
    private long _active = time.GetTimestamp();

    /// <summary>Counts bytes; answers false when they are more than the ticket allows.</summary>
    public bool TryCharge(int count)
    {
        Volatile.Write(ref _active, time.GetTimestamp());
        return Interlocked.Add(ref _carried, (ulong)count) <= maxBytes;
    }

    /// <summary>Notes that a write toward a side has begun.</summary>
    public void BeginWrite(TransferRole toward) => Volatile.Write(ref _toward[(int)toward].WritingSince, time.GetTimestamp());

    /// <summary>Notes that it has ended.</summary>
    public void EndWrite(TransferRole toward, int count)
    {
        var direction = _toward[(int)toward];
        var now = time.GetTimestamp();
        Interlocked.Add(ref direction.Blocked, now - Interlocked.Exchange(ref direction.WritingSince, 0));
        Interlocked.Add(ref direction.Bytes, count);
        Volatile.Write(ref _active, now);
    }

    /// <summary>Waits until the next read is within the rates.</summary>
    public ValueTask WaitAsync(int count, CancellationToken cancellationToken)
    {
        var longest = TimeSpan.Zero;
        foreach (var rate in rates)
        {
            var wait = rate.Take(count);
            longest = wait > longest ? wait : longest;
        }

        return longest == TimeSpan.Zero ? ValueTask.CompletedTask : new(Task.Delay(longest, time, cancellationToken));
    }

    /// <summary>Completes when the pair has been silent or slow for too long.</summary>
    public async Task<RelayEnd> WatchAsync(CancellationToken cancellationToken)
    {
        var windowStart = time.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(s_tick, time, cancellationToken).ConfigureAwait(false);
                if (time.GetElapsedTime(Volatile.Read(ref _active)) >= idleTimeout && _toward.All(direction => Volatile.Read(ref direction.WritingSince) == 0))
                {
                    return RelayEnd.Idle;
                }

                if (time.GetElapsedTime(windowStart) >= s_window)
                {
                    if (_toward.Any(IsTooSlow))
                    {
                        return RelayEnd.TooSlow;
                    }

                    windowStart = time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return RelayEnd.Cut;
        }
    }

    // Few bytes, and most of the time somebody waited for the reader to take them.
    private bool IsTooSlow(Direction direction)
    {
        var bytes = Interlocked.Exchange(ref direction.Bytes, 0);
        var blocked = Interlocked.Exchange(ref direction.Blocked, 0);
        var since = Volatile.Read(ref direction.WritingSince);
        var waited = TimeSpan.FromSeconds((double)blocked / time.TimestampFrequency) + (since == 0 ? TimeSpan.Zero : time.GetElapsedTime(since));
        return bytes < FloorPerSecond * s_window.TotalSeconds && waited > s_window / 2;
    }

    private sealed class Direction
    {
        public long Bytes;
        public long Blocked;
        public long WritingSince;
    }
}
