using System.Diagnostics;
using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// The thread of one instance. It takes calls from a mailbox, or from the queue when calls wait; for a moment after each call it spins,
/// because waking a parked thread costs more than most calls.
/// </summary>
/// <remarks>
/// The mailbox is null while the thread is idle and awake, <see cref="s_parked"/> while it sleeps, and anything else while it is busy. Whoever
/// swaps one of the first two for a call has given it to this thread.
/// </remarks>
internal sealed class GuestThread
{
    /// <summary>The engine aborts the process when a guest's stack does not fit its thread's.</summary>
    private const int StackSize = 4 * WasmEngine.GuestStack;

    private static readonly object s_parked = new();
    private static readonly object s_look = new();
    private static readonly long s_spin = Environment.ProcessorCount > 1 ? Stopwatch.Frequency / 50_000 : 0;

    private readonly ThreadParker _parker = new();
    private readonly InstancePool _pool;
    private readonly InstanceSlot _slot;
    private readonly Thread _thread;
    private object? _mail = s_look;

    /// <summary>Makes the thread; it does not run yet.</summary>
    public GuestThread(InstancePool pool, InstanceSlot slot, string name)
    {
        _pool = pool;
        _slot = slot;
        _thread = new Thread(Run, StackSize) { IsBackground = true, Name = name };
    }

    /// <summary>Starts the thread; answers false, and frees its slot, when the system has none to give.</summary>
    /// <param name="prelude">What it does before it serves calls; null for nothing.</param>
    /// <param name="first">Its first call; null for none.</param>
    public bool TryStart(Action<InstanceSlot>? prelude, GuestCall? first)
    {
        _mail = first ?? s_look;
        try
        {
            _thread.UnsafeStart(prelude);
            return true;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            _slot.Dispose();
            return false;
        }
    }

    /// <summary>Gives a call to the thread if it is idle and awake.</summary>
    public bool TryGiveAwake(GuestCall call) =>
        Volatile.Read(ref _mail) is null && Interlocked.CompareExchange(ref _mail, call, null) is null;

    /// <summary>Gives a call to the thread if it sleeps.</summary>
    public bool TryGiveParked(GuestCall call) => Replace(s_parked, call);

    /// <summary>Makes an idle thread look at the queue and at whether it shall end; answers false when it is busy and will look by itself.</summary>
    public bool TryNudge() => Interlocked.CompareExchange(ref _mail, s_look, null) is null || Replace(s_parked, s_look);

    private bool Replace(object expected, object mail)
    {
        if (!ReferenceEquals(Interlocked.CompareExchange(ref _mail, mail, expected), expected))
        {
            return false;
        }

        _parker.Unpark();
        return true;
    }

    private void Run(object? prelude)
    {
        ((Action<InstanceSlot>?)prelude)?.Invoke(_slot);
        var call = _mail as GuestCall ?? Next(null, default);
        while (call is not null)
        {
            var start = Stopwatch.GetTimestamp();
            var result = _slot.Run(call);
            _pool.LastDuration = Stopwatch.GetTimestamp() - start;
            call = Next(call, result);
        }

        _slot.Dispose();
        _pool.OnThreadEnded();
    }

    // Hands out the result of the finished call and answers the next one; null when the thread shall end. The thread is idle before the
    // result is seen, so that a caller's next call finds it awake.
    private GuestCall? Next(GuestCall? finished, in InvocationResult result)
    {
        var idle = !_pool.Queue.HasWaiting && !_pool.IsStopping;
        if (idle)
        {
            Volatile.Write(ref _mail, null);
        }

        finished?.Complete(result);
        while (true)
        {
            if (idle)
            {
                // A call that was queued before this thread could be seen idle would wait for ever: look again.
                Interlocked.MemoryBarrier();
                var leave = _pool.Queue.HasWaiting || _pool.IsStopping;
                if ((!leave || Interlocked.CompareExchange(ref _mail, s_look, null) is not null) && AwaitMail() is GuestCall mail)
                {
                    return mail;
                }
            }

            // Read before the queue: once it is true, the queue takes no more calls.
            var stopping = _pool.IsStopping;
            if (_pool.Queue.TryDequeue() is { } next)
            {
                return next;
            }

            if (stopping)
            {
                return null;
            }

            Volatile.Write(ref _mail, null);
            idle = true;
        }
    }

    private object AwaitMail()
    {
        var limit = Stopwatch.GetTimestamp() + s_spin;
        do
        {
            if (Volatile.Read(ref _mail) is { } mail)
            {
                return mail;
            }

            Thread.Yield();
        }
        while (Stopwatch.GetTimestamp() < limit);

        if (Interlocked.CompareExchange(ref _mail, s_parked, null) is { } late)
        {
            return late;
        }

        _parker.Park();
        return Volatile.Read(ref _mail)!;
    }
}
