namespace Luminarys.Cluster.Master;

/// <summary>Numbers of the calls between the master and one process: handed out in order, settled in any.</summary>
internal sealed class CallNumbers
{
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
}
