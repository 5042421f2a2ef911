namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>The time that one call may spend matching. Used by one thread.</summary>
internal sealed class MatchBudget(TimeProvider time, RegexDefences defences)
{
    /// <summary>All of it.</summary>
    public static readonly TimeSpan Total = TimeSpan.FromSeconds(5);

    private readonly long _total = (long)(Total.TotalSeconds * time.TimestampFrequency);
    private long _spent;
    private long _started;

    /// <summary>A step of matching begins.</summary>
    public void Begin() => _started = time.GetTimestamp();

    /// <summary>A step has ended, and the next one begins. Answers false when the time is used up.</summary>
    public bool TryGoOn()
    {
        var now = time.GetTimestamp();
        _spent += now - _started;
        _started = now;
        return _spent <= _total || !defences.CallLimit;
    }
}
