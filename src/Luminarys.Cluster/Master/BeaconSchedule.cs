namespace Luminarys.Cluster.Master;

/// <summary>When the master's beacon is due: three times soon after taking office, then at a steady pace.</summary>
internal sealed class BeaconSchedule(TimeSpan interval)
{
    private static readonly TimeSpan[] s_start = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];
    private TimeSpan _startedAt;
    private TimeSpan _next;
    private int _sent = int.MaxValue;

    /// <summary>Begins anew: the master took office.</summary>
    public void Restart(TimeSpan now) => (_startedAt, _next, _sent) = (now, now, 0);

    /// <summary>Whether a beacon is due now; <paramref name="isOnline"/> tells whether it is one of the first.</summary>
    public bool TryTake(TimeSpan now, out bool isOnline)
    {
        isOnline = _sent < s_start.Length;
        if (_sent == int.MaxValue || now < _next)
        {
            return false;
        }

        _sent = Math.Min(_sent + 1, s_start.Length);
        _next = _sent < s_start.Length ? _startedAt + s_start[_sent] : now + interval;
        return true;
    }
}
