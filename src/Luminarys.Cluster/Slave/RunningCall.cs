using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Slave;

/// <summary>One call of the master that runs on this node, from its start to its last frame.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing to release, and a cancellation may come after the end.
internal sealed class RunningCall : IThreadPoolWorkItem, IProgress<CallProgress>
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_ackAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_measuredEvery = TimeSpan.FromMilliseconds(500);

    private readonly Invocation _invocation;
    private readonly ulong _number;
    private readonly SlaveLink _link;
    private readonly ISkillRuntime _runtime;
    private readonly InvocationListener _listener;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _cancellation = new();
    private volatile bool _isCancelledByDrain;
    private bool _isAcknowledged;
    private long _measuredAt = long.MinValue;

    public RunningCall(
        Invocation invocation, (InstanceId Master, ulong Number) place, SlaveLink link, ISkillRuntime runtime, InvocationListener listener, ILogger logger) =>
        (_invocation, Master, _number, _link, _runtime, _listener, _logger) = (invocation, place.Master, place.Number, link, runtime, listener, logger);

    public CallId Id => _invocation.Id;

    /// <summary>The master's process that sent it.</summary>
    public InstanceId Master { get; }

    /// <summary>Its number between the two processes.</summary>
    public ulong Number => _number;

    /// <summary>Begins to run it on the thread pool: the bus must not wait for a guest.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);

    /// <summary>Ends it as soon as the runtime can.</summary>
    public void Cancel(bool byDrain)
    {
        _isCancelledByDrain |= byDrain;
        _cancellation.Cancel();
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    /// <summary>Passes on what whoever runs the call measured, at most twice a second, but the end always.</summary>
    void IProgress<CallProgress>.Report(CallProgress value)
    {
        var now = _link.Clock.Now.Ticks;
        var before = Volatile.Read(ref _measuredAt);
        var isDue = before == long.MinValue || now - before >= s_measuredEvery.Ticks || value.Done >= value.Total;
        if (isDue && double.IsFinite(value.Done) && value.Done >= 0 && Interlocked.CompareExchange(ref _measuredAt, now, before) == before)
        {
            _link.PostFrame(Id, new(CallFrameKind.Progress, _number) { Done = value.Done, Total = value.Total, Text = value.Message });
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await AnswerAsync(await RunGuestAsync().ConfigureAwait(false)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody awaits this task; a defect of the bus is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.AnswerFailed(_logger, Id, exception);
        }
        finally
        {
            _listener.Ended(this);
        }
    }

    private async ValueTask<InvocationResult> RunGuestAsync()
    {
        try
        {
            await using var timer = _link.Clock.Time.CreateTimer(_ => Report(), null, s_ackAfter, s_progressEvery).ConfigureAwait(false);
            return await InvokeAsync().ConfigureAwait(false);
        }
        finally
        {
            // Before the answer is sent: whoever gets it may call again at once, and must find the place free.
            _listener.Returned();
        }
    }

    private async ValueTask AnswerAsync(InvocationResult result)
    {
        var frame = Last(result);
        _listener.Keep(this, frame);
        var error = await _link.SendFrameAsync(Id, frame).ConfigureAwait(false);
        if (error == InvocationError.PayloadTooLarge)
        {
            _listener.Keep(this, TooLarge());
            error = await _link.SendFrameAsync(Id, TooLarge()).ConfigureAwait(false);
        }

        if (error != InvocationError.None)
        {
            Log.AnswerNotSent(_logger, Id, error);
        }
    }

    private async ValueTask<InvocationResult> InvokeAsync()
    {
        try
        {
            return await _runtime.InvokeAsync(_invocation with { Progress = this }, _cancellation.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The caller must get its one answer whatever the runtime does; the defect is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RuntimeFailed(_logger, Id, _invocation.Skill, exception);
            return InvocationResult.Failure(InvocationError.Internal, "the node failed to run the call; its log says more");
        }
    }

    // The first time it says that the call was taken, later that it still runs.
    private void Report()
    {
        _link.PostFrame(Id, new(_isAcknowledged ? CallFrameKind.Progress : CallFrameKind.Ack, _number));
        _isAcknowledged = true;
    }

    private CallFrame Last(InvocationResult result)
    {
        if (!result.IsSuccess)
        {
            var error = result.Error == InvocationError.Cancelled && _isCancelledByDrain ? InvocationError.CancelledByDrain : result.Error;
            return new(CallFrameKind.Error, _number) { Code = error, Text = result.Message };
        }

        return result.Payload.Length > ProtocolLimits.InlinePayload
            ? TooLarge()
            : new(CallFrameKind.Result, _number) { Payload = result.Payload, LlmContext = result.LlmContext };
    }

    private CallFrame TooLarge() => new(CallFrameKind.Error, _number)
    {
        Code = InvocationError.PayloadTooLarge,
        Text = $"the call ran, but its result is larger than the {ProtocolLimits.InlinePayload} bytes that pass between nodes",
    };
}
