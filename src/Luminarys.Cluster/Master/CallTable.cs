using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>
/// The master's side of remote calls as a state machine: NEW → SENT → RUNNING → ended. A call ends exactly once: it leaves the table with its answer,
/// and whatever comes later finds nothing. A call that may have begun is never sent again; when nobody knows, the answer is
/// <see cref="InvocationError.OutcomeUnknown"/>. Not thread-safe.
/// </summary>
internal sealed class CallTable(CallSettings settings)
{
    private readonly Dictionary<CallId, PendingCall> _calls = [];
    private readonly Dictionary<InstanceId, CallNumbers> _numbers = [];

    /// <summary>Calls that have not ended.</summary>
    public int Count => _calls.Count;

    /// <summary>Enters a call; null when one with this id runs already.</summary>
    public PendingCall? Begin(CallId id, Peer peer, TimeSpan now, TimeSpan? deadline)
    {
        if (_calls.ContainsKey(id))
        {
            return null;
        }

        if (!_numbers.TryGetValue(peer.Instance, out var numbers))
        {
            _numbers[peer.Instance] = numbers = new();
        }

        var call = new PendingCall(id, peer.Node, peer.Instance, numbers.Take()) { HeardAt = now, Deadline = deadline };
        _calls.Add(id, call);
        return call;
    }

    /// <summary>Highest number up to which every call to this process has its answer.</summary>
    public ulong DoneUpTo(InstanceId instance) => _numbers.GetValueOrDefault(instance)?.DoneUpTo ?? 0;

    /// <summary>The bus took the message, or refused it.</summary>
    public CallAction? Sent(CallId id, InvocationError error, TimeSpan now)
    {
        if (!_calls.TryGetValue(id, out var call) || call.State != CallState.New)
        {
            return null;
        }

        if (error != InvocationError.None)
        {
            return End(call, Failure(error, $"the call to node '{call.Node}' was not sent"));
        }

        call.State = CallState.Sent;
        call.HeardAt = now;
        return null;
    }

    /// <summary>A frame came; false in <paramref name="isKnown"/> when no call waits for it from that process.</summary>
    public CallAction? Frame(NodeId source, InstanceId instance, CallId id, CallFrame frame, TimeSpan now, out bool isKnown)
    {
        isKnown = _calls.TryGetValue(id, out var call) && call.Node == source && call.Instance == instance && call.Number == frame.Number;
        if (!isKnown)
        {
            return null;
        }

        if (!frame.IsTerminal)
        {
            call!.State = CallState.Running;
            call.HeardAt = now;
            return null;
        }

        var result = frame.Kind == CallFrameKind.Result
            ? InvocationResult.Success(frame.Payload, frame.LlmContext)
            : Failure(frame.Code, frame.Text ?? "the node gave no reason");
        return End(call!, result with { Node = source });
    }

    /// <summary>The bus found nobody who listens for calls of the node: the call has certainly not begun.</summary>
    public CallAction? NoResponders(CallId id) => _calls.TryGetValue(id, out var call) && call.State != CallState.Running
        ? End(call, Failure(InvocationError.NotServing, $"node '{call.Node}' is not connected"))
        : null;

    /// <summary>The caller gave up.</summary>
    public CallAction? Cancel(CallId id) => _calls.TryGetValue(id, out var call)
        ? End(call, Failure(InvocationError.Cancelled, "the caller gave up"), sendsCancel: true)
        : null;

    /// <summary>Lets time pass.</summary>
    public IReadOnlyList<CallAction> Advance(TimeSpan now)
    {
        List<CallAction>? actions = null;
        foreach (var call in _calls.Values)
        {
            if (Judge(call, now) is { } result)
            {
                (actions ??= []).Add(new(call, result, SendsCancel: true));
            }
        }

        return Remove(actions);
    }

    /// <summary>The process is gone: its calls have no other answer to wait for.</summary>
    public IReadOnlyList<CallAction> NodeLost(InstanceId instance) =>
        EndWhere(call => call.Instance == instance, InvocationError.NodeLost, "the node left the cluster while the call ran", sendsCancel: false);

    /// <summary>The master stops.</summary>
    public IReadOnlyList<CallAction> EndAll(InvocationError error, string message) => EndWhere(_ => true, error, message, sendsCancel: true);

    private static InvocationResult Failure(InvocationError error, string message) => InvocationResult.Failure(error, message);

    private InvocationResult? Judge(PendingCall call, TimeSpan now)
    {
        if (now >= call.Deadline + settings.DeadlineGrace)
        {
            return Failure(InvocationError.Deadline, "the call did not end in time") with { Node = call.Node };
        }

        var limit = call.State == CallState.Running ? settings.SilenceLimit : settings.AcknowledgementWait;
        return call.State != CallState.New && now - call.HeardAt >= limit
            ? Failure(InvocationError.OutcomeUnknown, $"node '{call.Node}' fell silent; the call may have run") with { Node = call.Node }
            : null;
    }

    private List<CallAction> EndWhere(Func<PendingCall, bool> isMeant, InvocationError error, string message, bool sendsCancel) =>
        Remove([.. _calls.Values.Where(isMeant).Select(call => new CallAction(call, Failure(error, message) with { Node = call.Node }, sendsCancel))]);

    private List<CallAction> Remove(List<CallAction>? actions)
    {
        foreach (var action in actions ?? [])
        {
            End(action.Call, action.Result);
        }

        return actions ?? [];
    }

    // A call that is still being sent is cancelled too: its number is then spent before it arrives.
    private CallAction End(PendingCall call, InvocationResult result, bool sendsCancel = false)
    {
        _calls.Remove(call.Id);
        _numbers[call.Instance].Settle(call.Number);
        return new(call, result, sendsCancel);
    }
}
