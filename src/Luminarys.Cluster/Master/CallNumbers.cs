using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Master;

/// <summary>Numbers of the calls between two processes: handed out in order, settled in any.</summary>
internal sealed class CallNumbers
{
    // A few open numbers are said with every call, many with one in so many.
    private const int Few = 16;
    private const ulong Seldom = 64;

    private readonly SortedSet<ulong> _open = [];
    private ulong _last;

    /// <summary>Highest number up to which every call is settled.</summary>
    public ulong DoneUpTo => _open.Count == 0 ? _last : _open.Min - 1;

    public ulong Take()
    {
        _open.Add(++_last);
        return _last;
    }

    public void Settle(ulong number) => _open.Remove(number);

    /// <summary>What the call with this number, which was taken last, says of those before it.</summary>
    public SettledNumbers SettledBefore(ulong number)
    {
        var others = _open.Count - 1;
        return others > 0 && (others <= Few || (number % Seldom == 0 && others <= SettledNumbers.MaxOpen))
            ? new(DoneUpTo, number, [.. _open.Where(open => open != number)])
            : SettledNumbers.UpTo(DoneUpTo);
    }
}
