using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// The instances of one skill and the calls that wait for them. A call goes to an idle instance at once; instances are added up to the limit
/// when all are busy; then calls queue. Thread-safe.
/// </summary>
internal sealed class InstancePool
{
    private readonly Lock _growth = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<InstanceSlot> _createSlot;
    private readonly TimeProvider _time;
    private readonly CancellationToken _hardStop;
    private readonly string _name;
    private volatile GuestThread[] _threads = [];
    private volatile bool _stopping;
    private GuestCall? _spare;
    private int _alive;

    /// <summary>Makes a pool without instances.</summary>
    public InstancePool(string name, int queueLength, TimeProvider time, Func<InstanceSlot> createSlot, CancellationToken hardStop)
    {
        _name = name;
        _time = time;
        _hardStop = hardStop;
        _createSlot = createSlot;
        Queue = new CallQueue(queueLength);
    }

    /// <summary>Calls that wait.</summary>
    public CallQueue Queue { get; }

    /// <summary>Whether threads end as soon as no call waits.</summary>
    public bool IsStopping => _stopping;

    /// <summary>How long the guest worked on the last call, in ticks of <see cref="System.Diagnostics.Stopwatch"/>: a hint, written by any thread.</summary>
    public long LastDuration { get; set; }

    /// <summary>What has begun and not ended: calls, and what follows from them.</summary>
    public WorkCount Work { get; init; } = new();

    /// <summary>Instances at most.</summary>
    public int MaxInstances { get; set; } = 1;

    /// <summary>Starts the first instance and asks it what it is.</summary>
    public Task<StartOutcome> StartAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var outcome = new TaskCompletionSource<StartOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var deadline = Deadline.After(limit, _time).Timestamp;
        if (!Grow(slot => outcome.SetResult(slot.Describe(deadline, cancellationToken)), null))
        {
            outcome.SetResult(new([], new(InvocationError.Internal, "the system gave no thread for it; free memory or raise the limit of threads")));
        }

        return outcome.Task;
    }

    /// <summary>Waits for something, for no longer than a call may that must have ended by the deadline.</summary>
    public Task WaitAsync(Task something, long deadline, CancellationToken cancellationToken)
    {
        var left = new Deadline(deadline).Remaining(_time);
        return left == TimeSpan.MaxValue ? something.WaitAsync(cancellationToken) : something.WaitAsync(left, _time, cancellationToken);
    }

    /// <summary>Runs a call to its end, or answers why it does not begin. The call was counted as <see cref="Work"/>.</summary>
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, long deadline, CancellationToken cancellationToken)
    {
        var call = Interlocked.Exchange(ref _spare, null) ?? new GuestCall(this);
        call.Begin(invocation, deadline, cancellationToken);
        if (FindEnd(call, _time, _hardStop) is var ended and not InvocationError.None)
        {
            call.Complete(NotBegun(ended));
            return call.ToTask(patient: false);
        }

        foreach (var thread in _threads)
        {
            if (thread.TryGiveAwake(call))
            {
                return call.ToTask(patient: true);
            }
        }

        // Waiting for a thread to wake up is worth it too: a caller that changed threads would come back after the guest has parked again,
        // and every call of a row would pay for both.
        if (TryGiveParked(call))
        {
            return call.ToTask(patient: true);
        }

        if (!Grow(null, call) && Wait(call) is { } refusal)
        {
            call.Complete(refusal);
        }

        return call.ToTask(patient: false);
    }

    /// <summary>Takes a call back for reuse.</summary>
    public void Return(GuestCall call) => Volatile.Write(ref _spare, call);

    /// <summary>Ends the calls that wait and must not any longer. Called at each tick.</summary>
    public void Sweep()
    {
        if (!Queue.HasWaiting)
        {
            return;
        }

        foreach (var (call, error) in Queue.Sweep(call => FindEnd(call, _time, _hardStop)))
        {
            call.Complete(NotBegun(error));
        }
    }

    /// <summary>Takes no more calls, lets those that wait or run finish, and frees the instances.</summary>
    public Task StopAsync()
    {
        Queue.Close();
        lock (_growth)
        {
            _stopping = true;
            if (_alive == 0)
            {
                _ended.TrySetResult();
            }
        }

        Interlocked.MemoryBarrier();
        foreach (var thread in _threads)
        {
            thread.TryNudge();
        }

        return _ended.Task;
    }

    /// <summary>Called by a thread as its last act.</summary>
    public void OnThreadEnded()
    {
        lock (_growth)
        {
            if (--_alive == 0)
            {
                _ended.TrySetResult();
            }
        }
    }

    /// <summary>Why a call that has not begun must end; None when it need not.</summary>
    public static InvocationError FindEnd(GuestCall call, TimeProvider time, CancellationToken hardStop) =>
        Interruption.Find(call.Deadline, time, call.Cancellation, hardStop);

    /// <summary>The answer to a call that ended before it began.</summary>
    public static InvocationResult NotBegun(InvocationError error) => error == InvocationError.CancelledByDrain
        ? InvocationResult.Failure(InvocationError.Draining, "the node is stopping")
        : InvocationResult.Failure(error, Interruption.Describe(error));

    private bool TryGiveParked(GuestCall call)
    {
        foreach (var thread in _threads)
        {
            if (thread.TryGiveParked(call))
            {
                return true;
            }
        }

        return false;
    }

    private bool Grow(Action<InstanceSlot>? prelude, GuestCall? first)
    {
        if (_threads.Length >= MaxInstances)
        {
            return false;
        }

        lock (_growth)
        {
            if (_stopping || _threads.Length >= MaxInstances)
            {
                return false;
            }

            var thread = new GuestThread(this, _createSlot(), _name);
            GuestThread[] threads = [.. _threads, thread];

            // Counted only once it runs: the end of the pool waits for every thread that counts. Without it the call waits for another one.
            if (!thread.TryStart(prelude, first))
            {
                return false;
            }

            _alive++;
            _threads = threads;
            return true;
        }
    }

    // Queues the call; answers a refusal when it cannot.
    private InvocationResult? Wait(GuestCall call)
    {
        switch (Queue.TryEnqueue(call, isCallback: call.Invocation.Caller.Kind == CallerKind.Self))
        {
            case CallQueueAnswer.Full:
                return InvocationResult.Failure(InvocationError.Busy, "too many calls wait for the skill");
            case CallQueueAnswer.Closed:
                return _hardStop.IsCancellationRequested
                    ? InvocationResult.Failure(InvocationError.Draining, "the node is stopping")
                    : InvocationResult.Failure(InvocationError.NoSuchSkill, "the skill is being unloaded");
            default:
                // A thread that became idle meanwhile has looked at the queue too early.
                Array.Exists(_threads, thread => thread.TryNudge());
                return null;
        }
    }
}
