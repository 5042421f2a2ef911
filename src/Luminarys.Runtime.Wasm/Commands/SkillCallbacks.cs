using Luminarys.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>
/// Calls a skill's own methods back, one at a time and in the order of asking, as ordinary calls that wait for an instance like all others. Nothing
/// holds an instance while it waits here, so that callbacks and calls never wait for each other in a circle.
/// </summary>
internal sealed class SkillCallbacks(SkillId skill, WorkCount work, TimeProvider time, ILogger logger) : ISkillCallbacks, IAsyncDisposable
{
    /// <summary>Posted callbacks that may wait; one more is dropped.</summary>
    public const int MaxWaiting = 1024;

    private const long MaxBytes = 64L * 1024 * 1024;

    private const int MaxShown = 64;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly OperationGate _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile LoadedSkill? _loaded;
    private int _waiting;
    private long _bytes;

    /// <summary>Says which skill it is, once that has told its methods.</summary>
    public void Bind(LoadedSkill loaded) => _loaded = loaded;

    /// <inheritdoc/>
    public bool HasMethod(string method) => _loaded?.HasMethod(method) == true;

    /// <inheritdoc/>
    public ValueTask<InvocationResult> DeliverAsync(string method, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        DeliverAsync(CommandOrigin.Root, method, payload, cancellationToken);

    /// <summary>The same, as a consequence of an earlier call.</summary>
    public async ValueTask<InvocationResult> DeliverAsync(
        CommandOrigin origin, string method, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var result = _gate.TryEnter() ? await RunAsync(origin, method, payload, cancellationToken).ConfigureAwait(false) : Stopping();
        if (!result.IsSuccess)
        {
            Log.CallbackFailed(logger, skill.Value, LogText.Visible(method, MaxShown), result.Error.ToCode(), result.Message ?? "");
        }

        return result;
    }

    /// <summary>Queues a callback that nobody waits for.</summary>
    public void Post(CommandOrigin origin, string method, ReadOnlyMemory<byte> payload)
    {
        var isTooMany = Interlocked.Increment(ref _waiting) > MaxWaiting;
        var isTooLarge = Interlocked.Add(ref _bytes, payload.Length) > MaxBytes;
        if (isTooMany || isTooLarge)
        {
            Interlocked.Decrement(ref _waiting);
            Interlocked.Add(ref _bytes, -payload.Length);
            Log.CallbackDropped(logger, skill.Value, LogText.Visible(method, MaxShown), MaxWaiting);
            return;
        }

        work.Enter();
        _ = PostAsync(origin, method, payload);
    }

    /// <summary>Begins no more callbacks; completes when the running one has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _gate.CloseAsync().ConfigureAwait(false);
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task PostAsync(CommandOrigin origin, string method, ReadOnlyMemory<byte> payload)
    {
        try
        {
            await DeliverAsync(origin, method, payload, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            Interlocked.Add(ref _bytes, -payload.Length);
            work.Exit();
        }
    }

    // Runs inside the gate and leaves it.
    private async ValueTask<InvocationResult> RunAsync(
        CommandOrigin origin, string method, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
            await _turn.WaitAsync(ends.Token).ConfigureAwait(false);
            try
            {
                // The token ends the waiting only: a callback that closes its own connection must not cancel itself.
                return await InvokeAsync(origin, method, payload).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return _stop.IsCancellationRequested ? Stopping() : InvocationResult.Failure(InvocationError.Cancelled, "nobody waits for the callback any more");
        }
        finally
        {
            _gate.Exit();
        }
    }

    private ValueTask<InvocationResult> InvokeAsync(CommandOrigin origin, string method, ReadOnlyMemory<byte> payload)
    {
        if (_loaded is not { } loaded)
        {
            return new(InvocationResult.Failure(InvocationError.NotServing, "the skill is still starting"));
        }

        var call = new Invocation(CallId.New(time), skill, method, payload, new Caller(CallerKind.Self, skill), Deadline.Never)
        {
            Root = origin.Chain,
            TraceId = origin.TraceId,
            SessionId = origin.SessionId,
            Depth = origin.Depth,
        };
        return loaded.InvokeAsync(call, CancellationToken.None);
    }

    private static InvocationResult Stopping() => InvocationResult.Failure(InvocationError.Draining, "the skill is being unloaded");
}
