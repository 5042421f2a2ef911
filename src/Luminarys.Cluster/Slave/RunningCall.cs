using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Messaging.Payloads;
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

    private readonly PayloadClaim? _claim;
    private readonly ulong _number;
    private readonly SlaveLink _link;
    private readonly ISkillRuntime _runtime;
    private readonly InvocationListener _listener;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _cancellation = new();
    private volatile bool _isCancelledByDrain;
    private Invocation _invocation;
    private TimeSpan _reportAt;
    private bool _isAcknowledged;
    private bool _hasBegun;
    private long _measuredAt = long.MinValue;

    public RunningCall(
        Invocation invocation, CallPlace place, SlaveLink link, ISkillRuntime runtime, InvocationListener listener, ILogger logger)
    {
        (_invocation, Master, _number, _claim) = (invocation, place.Master, place.Number, place.Claim);
        (_link, _runtime, _listener, _logger) = (link, runtime, listener, logger);
        _reportAt = place.BegunAt + s_ackAfter;
    }

    public CallId Id => _invocation.Id;

    /// <summary>The master's process that sent it.</summary>
    public InstanceId Master { get; }

    /// <summary>Its number between the two processes.</summary>
    public ulong Number => _number;

    /// <summary>Begins to run it, on the thread pool unless the runtime has threads of its own: the bus must not wait for a skill.</summary>
    public void Start()
    {
        if (_runtime.ReturnsAtOnce)
        {
            _ = RunAsync();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    /// <summary>Ends it as soon as the runtime can.</summary>
    public void Cancel(bool byDrain)
    {
        _isCancelledByDrain |= byDrain;
        _cancellation.Cancel();
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    /// <summary>Says that the call was taken, and from the second time on that it still runs, when that is due.</summary>
    /// <param name="now">Now.</param>
    public void Report(TimeSpan now)
    {
        if (now >= _reportAt)
        {
            _reportAt = now + s_progressEvery;
            _link.PostFrame(Id, new(_isAcknowledged ? CallFrameKind.Progress : CallFrameKind.Ack, _number));
            _isAcknowledged = true;
        }
    }

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
        var hasReturned = false;
        try
        {
            InvocationResult result;
            try
            {
                result = (_claim is null ? null : await ReadArgumentsAsync(_claim).ConfigureAwait(false)) ?? await InvokeAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The caller must get its one answer whatever the runtime does; the defect is logged as what it is.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.RuntimeFailed(_logger, Id, _invocation.Skill, exception);
                result = InvocationResult.Failure(InvocationError.Internal, "the node failed to run the call; its log says more");
            }

            // Before the answer is sent: whoever gets it may call again at once, and must find the place free.
            var frame = Last(result);
            var open = _listener.Returned(this, frame);
            hasReturned = true;
            if (open >= BundleQueue<RunningCall>.Many && frame.Payload.Length < Bundle.MaxPayload)
            {
                _listener.Answers.Add(this, Id, _link.WrapFrame(Id, frame));
                return;
            }

            await FinishAsync(await _link.SendFrameAsync(Id, frame).ConfigureAwait(false)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody awaits this task; a defect of the bus is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.AnswerFailed(_logger, Id, exception);
            if (hasReturned)
            {
                _listener.Answered();
            }
            else
            {
                _listener.Abandoned(this);
            }
        }
    }

    /// <summary>The bus took the last frame, which left with others, or did not.</summary>
    public void Sent(InvocationError error, Exception? defect)
    {
        if (defect is not null)
        {
            Log.AnswerFailed(_logger, Id, defect);
        }
        else if (error != InvocationError.None)
        {
            Log.AnswerNotSent(_logger, Id, error);
        }

        _listener.Answered();
    }

    private async ValueTask FinishAsync(InvocationError error)
    {
        if (error != InvocationError.None)
        {
            await SendOtherwiseAsync(error).ConfigureAwait(false);
        }

        _listener.Answered();
    }

    private async ValueTask SendOtherwiseAsync(InvocationError error)
    {
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

    // Null when they are there.
    private async ValueTask<InvocationResult?> ReadArgumentsAsync(PayloadClaim claim)
    {
        var (bytes, fault) = await _link.Payloads.FetchAsync(new(null, Master), claim, _cancellation.Token).ConfigureAwait(false);
        if (fault is not null)
        {
            return _cancellation.IsCancellationRequested
                ? InvocationResult.Failure(InvocationError.Cancelled, "the caller gave up before the call began")
                : InvocationResult.Failure(InvocationError.NotServing, $"the arguments did not arrive: {fault}");
        }

        _invocation = _invocation with { Payload = bytes };
        return null;
    }

    private ValueTask<InvocationResult> InvokeAsync()
    {
        _hasBegun = true;

        // A frame is made and handed to the bus in less time than a change of threads takes.
        return _runtime.InvokeAsync(_invocation with { Progress = this, ContinuesInPlace = true }, _cancellation.Token);
    }

    private CallFrame Last(InvocationResult result)
    {
        if (!result.IsSuccess)
        {
            var error = result.Error == InvocationError.Cancelled && _isCancelledByDrain ? InvocationError.CancelledByDrain : result.Error;
            return new(_hasBegun ? CallFrameKind.Error : CallFrameKind.Reject, _number) { Code = error, Text = result.Message };
        }

        return result.Payload.Length > ProtocolLimits.MaxPayload
            ? TooLarge()
            : new(CallFrameKind.Result, _number)
            {
                Payload = result.Payload,
                Claim = _link.Payloads.Offer(new(null, Master), result.Payload),
                LlmContext = result.LlmContext,
            };
    }

    private CallFrame TooLarge() => new(CallFrameKind.Error, _number)
    {
        Code = InvocationError.PayloadTooLarge,
        Text = $"the call ran, but its result is larger than the {ProtocolLimits.MaxPayload} bytes that pass between nodes",
    };
}
