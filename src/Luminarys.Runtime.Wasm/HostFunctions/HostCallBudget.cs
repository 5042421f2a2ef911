using Luminarys.Runtime.Wasm.Engine;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>Delays an instance that calls the host more than 1000 times a second for long; 5000 calls in a burst pass at once.</summary>
internal sealed class HostCallBudget(TimeProvider time)
{
    private const double PerSecond = 1000;
    private const double Burst = 5000;

    private double _left = Burst;
    private long _filled = time.GetTimestamp();

    /// <summary>Takes one call from the budget; waits while it is empty.</summary>
    public void Take(Interruption interruption)
    {
        _left--;
        if (_left >= 0)
        {
            return;
        }

        var now = time.GetTimestamp();
        _left = Math.Min(Burst, _left + (time.GetElapsedTime(_filled, now).TotalSeconds * PerSecond));
        _filled = now;
        if (_left < 0)
        {
            interruption.Wait(TimeSpan.FromSeconds(-_left / PerSecond));
        }
    }
}
