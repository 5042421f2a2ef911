using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// Calls that wait for an instance, oldest first. A call that finds an idle instance never comes here, so the lock is not on its way.
/// </summary>
internal sealed class CallQueue(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<GuestCall> _calls = new();
    private volatile int _count;
    private bool _closed;

    /// <summary>Whether a call waits.</summary>
    public bool HasWaiting => _count > 0;

    /// <summary>Takes a call, or says why not. There is always room for a callback: a skill has one at a time, and nobody would repeat it.</summary>
    public CallQueueAnswer TryEnqueue(GuestCall call, bool isCallback)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return CallQueueAnswer.Closed;
            }

            if (_calls.Count >= capacity && !isCallback)
            {
                return CallQueueAnswer.Full;
            }

            _calls.Enqueue(call);
            _count = _calls.Count;
            return CallQueueAnswer.Accepted;
        }
    }

    /// <summary>Gives the oldest call; null when none waits.</summary>
    public GuestCall? TryDequeue()
    {
        if (_count == 0)
        {
            return null;
        }

        lock (_gate)
        {
            _calls.TryDequeue(out var call);
            _count = _calls.Count;
            return call;
        }
    }

    /// <summary>Takes no more calls; those that wait stay.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    /// <summary>Removes the calls that must end before they have begun.</summary>
    /// <param name="judge">Why a call must end; None when it need not.</param>
    public List<(GuestCall Call, InvocationError Error)> Sweep(Func<GuestCall, InvocationError> judge)
    {
        List<(GuestCall, InvocationError)> ended = [];
        lock (_gate)
        {
            for (var left = _calls.Count; left > 0; left--)
            {
                var call = _calls.Dequeue();
                var error = judge(call);
                if (error == InvocationError.None)
                {
                    _calls.Enqueue(call);
                }
                else
                {
                    ended.Add((call, error));
                }
            }

            _count = _calls.Count;
        }

        return ended;
    }
}
