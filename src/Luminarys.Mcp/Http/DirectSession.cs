using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Http;

/// <summary>A session of the SDK, and its calls that are answered beside it. Thread-safe.</summary>
/// <param name="protocol">Version that was agreed.</param>
/// <param name="owner">Who opened it.</param>
internal sealed class DirectSession(string protocol, (string Name, string Issuer) owner)
{
    private readonly ConcurrentDictionary<RequestId, CancellationTokenSource> _running = new();
    private long _seen;

    public string Protocol => protocol;

    public (string Name, string Issuer) Owner => owner;

    /// <summary>When the SDK last had a call in it, as a timestamp.</summary>
    public long Seen
    {
        get => Volatile.Read(ref _seen);
        set => Volatile.Write(ref _seen, value);
    }

    public bool IsIdle => _running.IsEmpty;

    /// <summary>Lets a call be cancelled by its id; false when one with that id runs already.</summary>
    public bool TryBegin(RequestId id, CancellationTokenSource call) => _running.TryAdd(id, call);

    /// <summary>The call has its answer.</summary>
    public void End(RequestId id) => _running.TryRemove(id, out _);

    public void Cancel(RequestId id)
    {
        if (_running.TryGetValue(id, out var call))
        {
            Cancel(call);
        }
    }

    public void CancelAll()
    {
        foreach (var call in _running.Values)
        {
            Cancel(call);
        }
    }

    private static void Cancel(CancellationTokenSource call)
    {
        try
        {
            call.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It had its answer in the same moment.
        }
    }
}
