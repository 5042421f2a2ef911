using Luminarys.Invocations;

namespace Luminarys.Testing;

/// <summary>A script that takes calls: so many run at once, so many wait, the rest are refused.</summary>
internal sealed class LoadedScript(ScriptedSkill script, TimeProvider time, CancellationToken stop)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closed;

    /// <summary>The end of the version that this one took over from.</summary>
    public Task Predecessor { get; set; } = Task.CompletedTask;

    public async ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (script.Find(invocation.Method) is not { } body)
        {
            return InvocationResult.Failure(InvocationError.NoSuchMethod, $"skill '{invocation.Skill}' has no method '{invocation.Method}'");
        }

        using var late = LateSignal(invocation.Deadline);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop, late.Token);
        if (ends.IsCancellationRequested)
        {
            return Ended(begun: false, cancellationToken);
        }

        if (Admit(out var turn) is { } refusal)
        {
            return refusal;
        }

        if (turn is not null && !await WaitAsync(turn, ends.Token).ConfigureAwait(false))
        {
            return Ended(begun: false, cancellationToken);
        }

        try
        {
            var call = RunAsync(body, invocation, ends.Token);
            await Task.WhenAny(call, Task.Delay(Timeout.Infinite, ends.Token)).ConfigureAwait(false);
            return ends.IsCancellationRequested && !call.IsCompletedSuccessfully
                ? Ended(begun: true, cancellationToken)
                : await call.ConfigureAwait(false);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Takes no more calls; the task completes when those that wait or run have ended.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            CompleteIfIdle();
        }

        return Task.WhenAll(_idle.Task, Predecessor);
    }

    // A scripted method that throws is a guest that traps.
    private static async Task<InvocationResult> RunAsync(ScriptedMethod body, Invocation invocation, CancellationToken ends)
    {
        try
        {
            return await body(invocation, ends).ConfigureAwait(false);
        }
        catch (Exception exception) when (!ends.IsCancellationRequested)
        {
            return InvocationResult.Failure(InvocationError.SkillTrap, $"the skill trapped: {exception.Message}");
        }
    }

    private CancellationTokenSource LateSignal(Deadline deadline)
    {
        var left = deadline.Remaining(time);
        var source = new CancellationTokenSource(left < TimeSpan.FromDays(49) ? left : Timeout.InfiniteTimeSpan, time);
        if (left == TimeSpan.Zero)
        {
            source.Cancel();
        }

        return source;
    }

    private InvocationResult? Admit(out TaskCompletionSource? turn)
    {
        turn = null;
        lock (_gate)
        {
            if (_closed)
            {
                return stop.IsCancellationRequested
                    ? InvocationResult.Failure(InvocationError.Draining, "the node is stopping")
                    : InvocationResult.Failure(InvocationError.NoSuchSkill, "the skill is being unloaded");
            }

            if (_running < script.Instances)
            {
                _running++;
                return null;
            }

            if (_waiting.Count >= script.QueueLength)
            {
                return InvocationResult.Failure(InvocationError.Busy, "too many calls wait for the skill");
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(turn);
            return null;
        }
    }

    private async Task<bool> WaitAsync(TaskCompletionSource turn, CancellationToken ends)
    {
        await Task.WhenAny(turn.Task, Task.Delay(Timeout.Infinite, ends)).ConfigureAwait(false);
        lock (_gate)
        {
            // Still in the queue: the call ended before its turn. Else its turn came, and it gives it on when it ends now.
            if (_waiting.Remove(turn))
            {
                CompleteIfIdle();
                return false;
            }
        }

        if (ends.IsCancellationRequested)
        {
            Release();
            return false;
        }

        return true;
    }

    private void Release()
    {
        lock (_gate)
        {
            if (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                next.Value.SetResult();
                return;
            }

            _running--;
            CompleteIfIdle();
        }
    }

    private void CompleteIfIdle()
    {
        if (_closed && _running == 0 && _waiting.Count == 0)
        {
            _idle.TrySetResult();
        }
    }

    private InvocationResult Ended(bool begun, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return InvocationResult.Failure(InvocationError.Cancelled, "the caller cancelled the call");
        }

        if (!stop.IsCancellationRequested)
        {
            return InvocationResult.Failure(InvocationError.Deadline, "the call did not end in time");
        }

        return begun
            ? InvocationResult.Failure(InvocationError.CancelledByDrain, "the node is stopping and ended the call")
            : InvocationResult.Failure(InvocationError.Draining, "the node is stopping");
    }
}
