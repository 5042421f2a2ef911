namespace Luminarys.Cluster.Messaging;

/// <summary>
/// What one node's skills may tell the others: so many events and bytes a second, and so many at once. Kept by the node itself, so that an honest one
/// drops its own surplus, and again by the master, twice as wide at once, so that jitter on the way costs nothing. Thread-safe.
/// </summary>
/// <param name="burst">How many seconds' worth may come at once.</param>
internal sealed class EventBudget(int burst)
{
    /// <summary>Events a second.</summary>
    public const int Events = 500;

    /// <summary>Bytes a second.</summary>
    public const int Bytes = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private double _events = (double)Events * burst;
    private double _bytes = (double)Bytes * burst;
    private TimeSpan _at = TimeSpan.MinValue;

    /// <summary>Takes an event; false when it is too much.</summary>
    public bool TryTake(int bytes, TimeSpan now)
    {
        lock (_gate)
        {
            var passed = _at == TimeSpan.MinValue ? 0 : Math.Max(0, (now - _at).TotalSeconds);
            _at = now;
            _events = Math.Min((double)Events * burst, _events + (passed * Events));
            _bytes = Math.Min((double)Bytes * burst, _bytes + (passed * Bytes));
            if (_events < 1 || _bytes < bytes)
            {
                return false;
            }

            _events--;
            _bytes -= bytes;
            return true;
        }
    }
}
