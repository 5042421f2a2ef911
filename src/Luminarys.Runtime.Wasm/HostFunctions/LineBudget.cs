namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>How many lines one skill may cause in a second; counts those above. Thread-safe.</summary>
internal sealed class LineBudget(TimeProvider time, LogDefences defences)
{
    private const int LinesPerSecond = 100;

    private readonly Lock _gate = new();
    private long _second = long.MinValue;
    private int _lines;

    /// <summary>Whether one more line may be written; <paramref name="dropped"/> tells once how many of an earlier second were not.</summary>
    public bool TryTake(out int dropped)
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        dropped = 0;
        lock (_gate)
        {
            if (second == _second)
            {
                return ++_lines <= LinesPerSecond || !defences.BoundsLines;
            }

            dropped = Math.Max(0, _lines - LinesPerSecond);
            _second = second;
            _lines = 1;
            return true;
        }
    }
}
