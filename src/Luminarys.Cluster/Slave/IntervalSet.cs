namespace Luminarys.Cluster.Slave;

/// <summary>A set of numbers that come roughly in order: neighbours are kept as one interval, so it stays small. Not thread-safe.</summary>
internal sealed class IntervalSet
{
    private readonly List<(ulong First, ulong Last)> _intervals = [];

    /// <summary>Number of intervals, for tests of its size.</summary>
    public int Intervals => _intervals.Count;

    /// <summary>Adds a number; false when it was there.</summary>
    public bool Add(ulong number)
    {
        var at = FindBehind(number);
        if (at > 0 && number <= _intervals[at - 1].Last)
        {
            return false;
        }

        var joinsLeft = at > 0 && _intervals[at - 1].Last + 1 == number;
        var joinsRight = at < _intervals.Count && number + 1 == _intervals[at].First;
        switch (joinsLeft, joinsRight)
        {
            case (true, true):
                _intervals[at - 1] = (_intervals[at - 1].First, _intervals[at].Last);
                _intervals.RemoveAt(at);
                break;
            case (true, false):
                _intervals[at - 1] = (_intervals[at - 1].First, number);
                break;
            case (false, true):
                _intervals[at] = (number, _intervals[at].Last);
                break;
            default:
                _intervals.Insert(at, (number, number));
                break;
        }

        return true;
    }

    /// <summary>Whether a number is there.</summary>
    public bool Contains(ulong number) => FindBehind(number) is > 0 and var at && number <= _intervals[at - 1].Last;

    /// <summary>Adds every number from 1 to this one.</summary>
    public void AddUpTo(ulong number)
    {
        if (number == 0)
        {
            return;
        }

        var at = FindBehind(number);
        var last = at > 0 ? Math.Max(number, _intervals[at - 1].Last) : number;
        _intervals.RemoveRange(0, at);
        if (_intervals.Count > 0 && last + 1 == _intervals[0].First)
        {
            last = _intervals[0].Last;
            _intervals.RemoveAt(0);
        }

        _intervals.Insert(0, (1, last));
    }

    /// <summary>Adds the numbers between the first two intervals; nothing when there are fewer.</summary>
    public void CloseFirstGap()
    {
        if (_intervals.Count > 1)
        {
            _intervals[0] = (_intervals[0].First, _intervals[1].Last);
            _intervals.RemoveAt(1);
        }
    }

    // Index of the first interval that begins behind the number.
    private int FindBehind(ulong number)
    {
        var (low, high) = (0, _intervals.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _intervals[middle].First <= number ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
