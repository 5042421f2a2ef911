using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>
/// Counts what one call of a client leads to on this node, through all skills: each command is one, a batch as many as it has items. Thread-safe.
/// </summary>
/// <remarks>A call of depth 0 begins anew; deeper ones find their count by the root of the chain, an id that the host makes: a client
/// may choose its trace, and never shares a count with another call. A count that is not asked for in a minute is forgotten.</remarks>
internal sealed class FanOutTable(TimeProvider time)
{
    /// <summary>Commands of one chain at most.</summary>
    public const int Limit = 256;

    private const int SweepAt = 1024;
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, Count> _counts = [];
    private int _sweepAt = SweepAt;

    /// <summary>Says that a call has asked for commands; one of a client begins a new count.</summary>
    public void Begin(Invocation call, CommandOrigin origin)
    {
        if (call.Depth == 0)
        {
            lock (_gate)
            {
                Forget();
                _counts[origin.Chain] = new(0, time.GetTimestamp());
            }
        }
    }

    /// <summary>Takes so many commands from what the chain may still do; answers false, and takes none, when it may not.</summary>
    public bool TryTake(CommandOrigin origin, int commands)
    {
        lock (_gate)
        {
            var taken = _counts.GetValueOrDefault(origin.Chain).Taken;
            if (commands > Limit - taken)
            {
                return false;
            }

            Forget();
            _counts[origin.Chain] = new(taken + commands, time.GetTimestamp());
            return true;
        }
    }

    // Rare: a sweep that leaves many makes the next one later.
    private void Forget()
    {
        if (_counts.Count < _sweepAt)
        {
            return;
        }

        var now = time.GetTimestamp();
        foreach (var (root, count) in _counts)
        {
            if (time.GetElapsedTime(count.UsedAt, now) > s_memory)
            {
                _counts.Remove(root);
            }
        }

        _sweepAt = Math.Max(SweepAt, _counts.Count * 2);
    }

    private readonly record struct Count(int Taken, long UsedAt);
}
