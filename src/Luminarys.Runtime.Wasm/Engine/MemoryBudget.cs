namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// The memory that the guests of all skills may have together. One that runs counts with its limit, because it may grow to that at any moment; one that
/// rests counts with what it has. Thread-safe.
/// </summary>
internal sealed class MemoryBudget(long limit)
{
    private long _taken;

    /// <summary>Bytes that are taken.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes so many bytes, or answers false when that would be too many.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= limit)
        {
            return true;
        }

        Give(bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
