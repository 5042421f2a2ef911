using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// One call on its way to a guest thread and back. Reused: it returns to its pool when its result is taken, which happens exactly once.
/// </summary>
internal sealed class GuestCall(InstancePool pool) : IValueTaskSource<InvocationResult>
{
    /// <summary>Five microseconds: below what any change of threads costs.</summary>
    private static readonly long s_shortWait = Stopwatch.Frequency / 200_000;

    /// <summary>Fifty microseconds: what a change of threads and back costs.</summary>
    private static readonly long s_longWait = Stopwatch.Frequency / 20_000;

    private ManualResetValueTaskSourceCore<InvocationResult> _result;

    /// <summary>The call.</summary>
    public Invocation Invocation { get; private set; } = null!;

    /// <summary>The caller's token.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>When it must have ended, as a timestamp of the time provider.</summary>
    public long Deadline { get; private set; }

    /// <summary>Makes the object stand for a new call.</summary>
    public void Begin(Invocation invocation, long deadline, CancellationToken cancellation)
    {
        Invocation = invocation;
        Deadline = deadline;
        Cancellation = cancellation;
        _result.RunContinuationsAsynchronously = !invocation.ContinuesInPlace;
    }

    /// <summary>Gives the result. Whoever calls it owned the call and does not touch it again.</summary>
    public void Complete(in InvocationResult result)
    {
        pool.Work.Exit();
        _result.SetResult(result);
    }

    /// <summary>The task of the caller.</summary>
    /// <param name="patient">
    /// Whether the call was handed to an idle guest thread, so that it pays to wait for the result instead of changing threads: always for a
    /// moment, and for as long as a change of threads costs when the skill's last call was over within that time. Not while other work waits for this thread.
    /// </param>
    public ValueTask<InvocationResult> ToTask(bool patient)
    {
        var version = _result.Version;
        if (patient && !Invocation.ContinuesInPlace && Environment.ProcessorCount > 1)
        {
            var limit = Stopwatch.GetTimestamp() + (pool.LastDuration < s_longWait ? s_longWait : s_shortWait);
            while (_result.GetStatus(version) == ValueTaskSourceStatus.Pending && Stopwatch.GetTimestamp() < limit && ThreadPool.PendingWorkItemCount == 0)
            {
                Thread.SpinWait(2);
            }
        }

        return _result.GetStatus(version) == ValueTaskSourceStatus.Pending
            ? new ValueTask<InvocationResult>(this, version)
            : new ValueTask<InvocationResult>(GetResult(version));
    }

    /// <inheritdoc/>
    public InvocationResult GetResult(short token)
    {
        var result = _result.GetResult(token);

        // From here on the token is void: whoever awaits a second time gets an exception, not another call's result.
        _result.Reset();
        Invocation = null!;
        Cancellation = default;
        pool.Return(this);
        return result;
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);
}
