using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// Everything that ends a call before it is done: its deadline, its cancellation, the stop of the host. One per guest thread, armed for one
/// call at a time. WebAssembly code asks at each epoch tick, host functions wait through it.
/// </summary>
internal sealed class Interruption(TimeProvider time, CancellationToken hardStop) : IDisposable
{
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(49);

    private readonly ManualResetEventSlim _signal = new(false);
    private CancellationToken _cancellation;
    private long _deadline = long.MaxValue;
    private CancellationTokenSource? _source;
    private CancellationTokenSource? _timer;

    /// <summary>Cancelled when the current call must end. Made when first asked for in a call, because most calls need none.</summary>
    public CancellationToken Token => (_source ??= CreateSource()).Token;

    /// <summary>Time until the current call must have ended; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan Left => new Deadline(_deadline).Remaining(time);

    /// <summary>Makes the limits of a call current.</summary>
    /// <param name="deadline">Timestamp of the time provider.</param>
    /// <param name="cancellation">The caller's token.</param>
    public void Arm(long deadline, CancellationToken cancellation)
    {
        DropSource();
        _deadline = deadline;
        _cancellation = cancellation;
    }

    /// <summary>Ends the guest's call when it should not go on.</summary>
    /// <exception cref="GuestFaultException">It should not.</exception>
    public void ThrowIfPending()
    {
        var error = Find(_deadline, time, _cancellation, hardStop);
        if (error == InvocationError.None && _timer is { IsCancellationRequested: true })
        {
            // Timers may fire a moment before the clock says so. What they cut short must not look like an answer.
            error = InvocationError.Deadline;
        }

        if (error != InvocationError.None)
        {
            throw new GuestFaultException(new GuestFault(error, Describe(error)));
        }
    }

    /// <summary>Blocks the guest's thread for a while; ends early, by an exception, when the call ends.</summary>
    /// <exception cref="GuestFaultException">The call ended.</exception>
    public void Wait(TimeSpan duration)
    {
        var until = Deadline.Earlier(Deadline.After(duration, time), new Deadline(_deadline));
        using var cancelled = _cancellation.UnsafeRegister(Wake, _signal);
        using var stopped = hardStop.UnsafeRegister(Wake, _signal);
        ThrowIfPending();
        while (until.Remaining(time) is var left && left > TimeSpan.Zero)
        {
            using (time.CreateTimer(Wake, _signal, left < s_longestTimer ? left : s_longestTimer, Timeout.InfiniteTimeSpan))
            {
                _signal.Wait(CancellationToken.None);
                _signal.Reset();
            }

            ThrowIfPending();
        }
    }

    /// <summary>Why a call with these limits must end; <see cref="InvocationError.None"/> when it need not.</summary>
    public static InvocationError Find(long deadline, TimeProvider time, CancellationToken cancellation, CancellationToken hardStop)
    {
        if (cancellation.IsCancellationRequested)
        {
            return InvocationError.Cancelled;
        }

        if (hardStop.IsCancellationRequested)
        {
            return InvocationError.CancelledByDrain;
        }

        return deadline != long.MaxValue && time.GetTimestamp() >= deadline ? InvocationError.Deadline : InvocationError.None;
    }

    /// <summary>The error in words.</summary>
    public static string Describe(InvocationError error) => error switch
    {
        InvocationError.Deadline => "the call did not end in time",
        InvocationError.Cancelled => "the caller cancelled the call",
        _ => "the node is stopping and ended the call",
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        DropSource();
        _signal.Dispose();
    }

    private CancellationTokenSource CreateSource()
    {
        var left = Left;
        _timer = left < s_longestTimer ? new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time) : new CancellationTokenSource();
        return CancellationTokenSource.CreateLinkedTokenSource(_cancellation, hardStop, _timer.Token);
    }

    private void DropSource()
    {
        _source?.Dispose();
        _timer?.Dispose();
        (_source, _timer) = (null, null);
    }

    private static void Wake(object? signal) => ((ManualResetEventSlim)signal!).Set();
}
