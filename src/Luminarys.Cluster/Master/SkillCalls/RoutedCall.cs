using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging.Payloads;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master.SkillCalls;

/// <summary>One skill call of another node, from its start to its last frame.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing to release, and a cancellation may come after the end.
internal sealed class RoutedCall(Invocation invocation, Sender caller, CallMessage message, MasterLink link, SkillCallListener listener, ILogger logger)
    : IThreadPoolWorkItem
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_ackAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _cancellation = new();
    private volatile bool _isCancelledByDrain;
    private bool _isAcknowledged;
    private bool _hasBegun;

    /// <summary>What is called; its root is the one that the master believes.</summary>
    public Invocation Invocation { get; private set; } = invocation;

    /// <summary>Whose skill calls.</summary>
    public Sender Caller { get; } = caller;

    /// <summary>Number of the call between the node and the master.</summary>
    public ulong Number => message.Number;

    /// <summary>Begins to run it on the thread pool: the bus must not wait for a guest.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Ends it wherever it runs.</summary>
    public void Cancel(bool byDrain)
    {
        _isCancelledByDrain |= byDrain;
        _cancellation.Cancel();
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        try
        {
            await AnswerAsync(await RouteAsync().ConfigureAwait(false)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody awaits this task; a defect of the bus is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.AnswerFailed(logger, Invocation.Id, exception);
        }
        finally
        {
            listener.Ended(this);
        }
    }

    private async ValueTask<InvocationResult> RouteAsync()
    {
        await using var timer = link.Clock.Time.CreateTimer(_ => Report(), null, s_ackAfter, s_progressEvery).ConfigureAwait(false);
        try
        {
            return await ReadArgumentsAsync().ConfigureAwait(false) ?? await listener.Invoker.InvokeAsync(Invocation, _cancellation.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The caller must get its one answer whatever the runtime does; the defect is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RuntimeFailed(logger, Invocation.Id, Invocation.Skill, exception);
            return InvocationResult.Failure(InvocationError.Internal, "the master failed to run the call; its log says more");
        }
    }

    // Null when they are there.
    private async ValueTask<InvocationResult?> ReadArgumentsAsync()
    {
        if (message.Claim is not null)
        {
            var (bytes, fault) = await link.Payloads.FetchAsync(Reader, message.Claim, _cancellation.Token).ConfigureAwait(false);
            if (fault is not null)
            {
                return _cancellation.IsCancellationRequested
                    ? InvocationResult.Failure(InvocationError.Cancelled, "the caller gave up before the call began")
                    : InvocationResult.Failure(InvocationError.NotServing, $"the arguments did not arrive: {fault}");
            }

            Invocation = Invocation with { Payload = bytes };
        }

        _hasBegun = true;
        return null;
    }

    private PayloadPeer Reader => new(Caller.Node, Caller.Instance);

    private async ValueTask AnswerAsync(InvocationResult result)
    {
        var error = await SendAsync(Last(result)).ConfigureAwait(false);
        if (error == InvocationError.PayloadTooLarge)
        {
            error = await SendAsync(TooLarge()).ConfigureAwait(false);
        }

        if (error != InvocationError.None)
        {
            Log.AnswerNotSent(logger, Invocation.Id, error);
        }
    }

    // The first time it says that the call was taken, later that it still runs.
    private void Report()
    {
        listener.PostFrame(Caller, Invocation.Id, new(_isAcknowledged ? CallFrameKind.Progress : CallFrameKind.Ack, message.Number));
        _isAcknowledged = true;
    }

    // Kept before it is sent: it may be lost on its way.
    private ValueTask<InvocationError> SendAsync(CallFrame frame)
    {
        listener.Keep(Caller, Invocation.Id, frame);
        return link.Outbox.SendAsync(
            link.Buses.Traffic,
            link.Subjects.FramesToNode(Caller.Node, Invocation.Id),
            null,
            new(MessageTypes.Frame, Invocation.Id, Caller.Instance),
            frame,
            CancellationToken.None);
    }

    private CallFrame Last(InvocationResult result)
    {
        if (!result.IsSuccess)
        {
            var error = result.Error == InvocationError.Cancelled && _isCancelledByDrain ? InvocationError.CancelledByDrain : result.Error;
            return new(_hasBegun ? CallFrameKind.Error : CallFrameKind.Reject, message.Number) { Code = error, Text = result.Message };
        }

        return result.Payload.Length > ProtocolLimits.MaxPayload
            ? TooLarge()
            : new(CallFrameKind.Result, message.Number)
            {
                Payload = result.Payload,
                Claim = link.Payloads.Offer(Reader, result.Payload),
                LlmContext = result.LlmContext,
            };
    }

    private CallFrame TooLarge() => new(CallFrameKind.Error, message.Number)
    {
        Code = InvocationError.PayloadTooLarge,
        Text = $"the call ran, but its result is larger than the {ProtocolLimits.MaxPayload} bytes that pass between nodes",
    };
}
