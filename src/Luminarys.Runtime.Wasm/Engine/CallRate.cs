namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Lets so many calls a minute begin: that many at once, then evenly. Thread-safe.</summary>
internal sealed class CallRate(int perMinute, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _left = perMinute;
    private long _filled = time.GetTimestamp();

    /// <summary>Calls a minute.</summary>
    public int PerMinute => perMinute;

    /// <summary>Lets one begin, or answers false.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(perMinute, _left + (time.GetElapsedTime(_filled, now).TotalMinutes * perMinute));
            _filled = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}
