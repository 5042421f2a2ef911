using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Slave;

/// <summary>Requests that wait for their answer: one of each type, but any number of heartbeats. Not thread-safe.</summary>
internal sealed class SessionRequests
{
    private readonly Dictionary<CallId, (string Type, TimeSpan SentAt)> _open = [];

    /// <summary>A request was sent. An earlier one of its type does not count any more.</summary>
    public void Add(string type, CallId id, TimeSpan now)
    {
        if (type != MessageTypes.Heartbeat)
        {
            Forget(type);
        }

        _open[id] = (type, now);
    }

    /// <summary>An answer came; false when nobody waits for it.</summary>
    public bool TryTake(CallId id, out string type, out TimeSpan sentAt)
    {
        var isOpen = _open.Remove(id, out var request);
        (type, sentAt) = request;
        return isOpen;
    }

    /// <summary>Whether an answer of this type is awaited.</summary>
    public bool IsOpen(string type) => _open.Values.Any(request => request.Type == type);

    /// <summary>Gives up the requests of this type that are older than the wait; answers whether there were any.</summary>
    public bool HasTimedOut(string type, TimeSpan wait, TimeSpan now)
    {
        var late = _open.Where(request => request.Value.Type == type && now - request.Value.SentAt >= wait).ToList();
        late.ForEach(request => _open.Remove(request.Key));
        return late.Count > 0;
    }

    /// <summary>Gives up the requests of this type.</summary>
    public void Forget(string type)
    {
        foreach (var (id, _) in _open.Where(request => request.Value.Type == type).ToList())
        {
            _open.Remove(id);
        }
    }

    /// <summary>Gives up everything.</summary>
    public void Clear() => _open.Clear();
}
