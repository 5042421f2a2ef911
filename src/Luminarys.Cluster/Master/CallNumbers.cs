using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Master;

/// <summary>Numbers of the calls between two processes: handed out in order, settled in any.</summary>
internal sealed class CallNumbers
{
    // Open numbers are said once in as many calls as there are of them, so that they cost each call next to nothing, and never more often than this.
    private const ulong Seldom = 64;

    private readonly HashSet<ulong> _open = [];
    private ulong _last;
    private ulong _said;

    /// <summary>Highest number up to which every call is settled.</summary>
    public ulong DoneUpTo { get; private set; }

    /// <summary>Calls that are not settled.</summary>
    public int Open => _open.Count;

    public ulong Take()
    {
        _open.Add(++_last);
        return _last;
    }

    public void Settle(ulong number)
    {
        if (_open.Remove(number) && number == DoneUpTo + 1)
        {
            PassSettled();
        }
    }

    /// <summary>What the call with this number, which was taken last, says of those before it.</summary>
    public SettledNumbers SettledBefore(ulong number)
    {
        var others = (ulong)_open.Count - 1;
        if (others is 0 or > SettledNumbers.MaxOpen || number - Math.Max(DoneUpTo, _said) <= Math.Max(others, Seldom))
        {
            return SettledNumbers.UpTo(DoneUpTo);
        }

        _said = number;
        return new(DoneUpTo, number, [.. _open.Where(open => open != number).Order()]);
    }

    // Number by number, unless one that was open for long has held back more than are open: then the smallest of those is found sooner.
    private void PassSettled()
    {
        for (var steps = _open.Count; DoneUpTo < _last && !_open.Contains(DoneUpTo + 1); steps--)
        {
            DoneUpTo = steps > 0 ? DoneUpTo + 1 : _open.Count == 0 ? _last : _open.Min() - 1;
        }
    }
}
