using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>
/// The master's side of remote calls as a state machine: NEW → SENT → RUNNING → ended. A call ends exactly once: it leaves the table with its answer,
/// and whatever comes later finds nothing. When a node falls silent, its process is probed and asked what became of the call; when nobody knows, the answer
/// is <see cref="InvocationError.OutcomeUnknown"/>. Not thread-safe.
/// </summary>
internal sealed class CallTable(CallSettings settings)
{
    private readonly Dictionary<CallId, PendingCall> _calls = [];
    private readonly Dictionary<InstanceId, CallNumbers> _numbers = [];
    private readonly Dictionary<NodeId, InstanceId> _latest = [];
    private readonly HashSet<InstanceId> _probing = [];

    /// <summary>Calls that have not ended.</summary>
    public int Count => _calls.Count;

    /// <summary>Enters a call; null when one with this id runs already.</summary>
    public PendingCall? Begin(CallId id, Peer peer, TimeSpan now, TimeSpan? deadline)
    {
        if (_calls.ContainsKey(id))
        {
            return null;
        }

        var numbers = NumbersOf(peer);
        var call = new PendingCall(id, peer.Node, peer.Instance, numbers.Take()) { HeardAt = now, Deadline = deadline, IsOneOfMany = numbers.Open >= BundleQueue<PendingCall>.Many };
        _calls.Add(id, call);
        return call;
    }

    /// <summary>What a call that was just entered says of those before it.</summary>
    public SettledNumbers SettledBefore(PendingCall call) => _numbers[call.Instance].SettledBefore(call.Number);

    /// <summary>Highest number up to which every call to this process has its answer.</summary>
    public ulong DoneUpTo(InstanceId instance) => _numbers.GetValueOrDefault(instance)?.DoneUpTo ?? 0;

    /// <summary>A call that has not ended; null when there is none.</summary>
    public PendingCall? Find(CallId id) => _calls.GetValueOrDefault(id);

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
        Hear(call, now);
        return null;
    }

    /// <summary>A probe of a process ended: true for an answer, null when it could not be asked.</summary>
    public IReadOnlyList<CallAction> Probed(InstanceId instance, bool? isAlive, TimeSpan now)
    {
        _probing.Remove(instance);
        List<CallAction>? actions = null;
        foreach (var call in _calls.Values.Where(call => call.Instance == instance && call.State != CallState.New))
        {
            (call.ProbedAt, call.IsNodeDead) = (now, isAlive is false);
            var action = call.State == CallState.Sent
                ? isAlive is true && call.Queries == 0 ? Query(call, now) : (CallAction?)null
                : call.IsNodeDead ? Ended(call, InvocationError.OutcomeUnknown, $"the process of node '{call.Node}' does not answer any more; the call may have run") : null;
            if (action is { } wanted)
            {
                (actions ??= []).Add(wanted);
            }
        }

        return Remove(actions);
    }

    /// <summary>
    /// A connection was away, so frames may be lost: the node is asked about every call that it may have; about those of one process only, when the
    /// connection was that one's.
    /// </summary>
    public IReadOnlyList<CallAction> AskAgain(InstanceId? instance)
    {
        List<CallAction>? actions = null;
        foreach (var call in _calls.Values)
        {
            if (call.State != CallState.New && (instance is null || call.Instance == instance))
            {
                // Beside the questions that silence leads to: the other side may not have its connection back yet.
                (actions ??= []).Add(new(CallActionKind.Query, call));
            }
        }

        return actions ?? [];
    }

    /// <summary>A frame came; false in <paramref name="isKnown"/> when no call waits for it from that process.</summary>
    public CallAction? Frame(NodeId source, InstanceId instance, CallId id, CallFrame frame, TimeSpan now, out bool isKnown)
    {
        isKnown = _calls.TryGetValue(id, out var call) && call.Node == source && call.Instance == instance && call.Number == frame.Number;
        if (!isKnown)
        {
            return null;
        }

        // A result that is announced only is still to come.
        if (!frame.IsTerminal || frame.Claim is not null)
        {
            call!.State = CallState.Running;
            Hear(call, now);
            if (frame.Done is { } done)
            {
                call.Progress?.Report(new(done, frame.Total, frame.Text));
            }

            return null;
        }

        var result = frame.Kind == CallFrameKind.Result
            ? InvocationResult.Success(frame.Payload, frame.LlmContext)
            : Failure(frame.Code, frame.Text ?? "the node gave no reason");
        return End(call!, result with { Node = source });
    }

    /// <summary>
    /// The bus found nobody who listens for calls of the node: the call has certainly not begun. The notice names no attempt. It need not: another one is
    /// sent only after the notice of the one before, or after an answer of the node that makes such a notice impossible, or when running twice does no harm.
    /// </summary>
    public IReadOnlyList<CallAction> NoResponders(CallId id) => _calls.TryGetValue(id, out var named)
        ? [.. (named.Bundle ?? [named])
            .Where(call => call.State != CallState.Running && _calls.GetValueOrDefault(call.Id) == call)
            .Select(call => End(call, Failure(InvocationError.NotServing, $"node '{call.Node}' is not connected")))]
        : [];

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
            if (Judge(call, now) is { } action)
            {
                (actions ??= []).Add(action);
            }
        }

        return Remove(actions);
    }

    /// <summary>The process is gone: its calls have no other answer to wait for.</summary>
    public IReadOnlyList<CallAction> NodeLost(InstanceId instance) =>
        EndWhere(call => call.Instance == instance, InvocationError.NodeLost, "the node left the cluster while the call ran", sendsCancel: false);

    /// <summary>The master stops.</summary>
    public IReadOnlyList<CallAction> EndAll(InvocationError error, string message) => EndWhere(_ => true, error, message, sendsCancel: true);

    // A process that was lost may come back and knows its numbers; one that another process of its node has replaced never does.
    private CallNumbers NumbersOf(Peer peer)
    {
        if (_numbers.TryGetValue(peer.Instance, out var numbers))
        {
            return numbers;
        }

        if (_latest.TryGetValue(peer.Node, out var replaced) && _calls.Values.All(call => call.Instance != replaced))
        {
            _numbers.Remove(replaced);
        }

        _latest[peer.Node] = peer.Instance;
        return _numbers[peer.Instance] = new();
    }

    private static InvocationResult Failure(InvocationError error, string message) => InvocationResult.Failure(error, message);

    private static void Hear(PendingCall call, TimeSpan now) =>
        (call.HeardAt, call.ProbedAt, call.IsNodeDead, call.Queries) = (now, now, false, 0);

    private CallAction? Judge(PendingCall call, TimeSpan now)
    {
        if (now >= call.Deadline + settings.DeadlineGrace)
        {
            return Ended(call, InvocationError.Deadline, "the call did not end in time");
        }

        var silence = now - call.HeardAt;
        if (call.State == CallState.New)
        {
            return null;
        }

        if (call.Queries > 0)
        {
            return now - call.QueriedAt < settings.QueryWait ? null
                : call.Queries < settings.Queries ? Query(call, now)
                : Ended(call, InvocationError.OutcomeUnknown, $"node '{call.Node}' does not say what became of the call; it may have run");
        }

        if (call.State == CallState.Running && silence >= settings.SilenceLimit)
        {
            return Query(call, now);
        }

        if (call.State == CallState.Sent && silence >= (call.IsNodeDead ? settings.DeadWait : settings.AcknowledgementWait))
        {
            return Ended(call, InvocationError.OutcomeUnknown, $"node '{call.Node}' fell silent; the call may have run");
        }

        // One probe at a time for a process, whatever number of calls it has.
        return now - call.ProbedAt >= settings.ProbeAfter && !call.IsNodeDead && _probing.Add(call.Instance) ? new(CallActionKind.Probe, call) : null;
    }

    private static CallAction Query(PendingCall call, TimeSpan now)
    {
        (call.Queries, call.QueriedAt) = (call.Queries + 1, now);
        return new(CallActionKind.Query, call);
    }

    private static CallAction Ended(PendingCall call, InvocationError error, string message) =>
        new(CallActionKind.End, call, Failure(error, message) with { Node = call.Node }, SendsCancel: true);

    private List<CallAction> EndWhere(Func<PendingCall, bool> isMeant, InvocationError error, string message, bool sendsCancel) =>
        Remove([.. _calls.Values.Where(isMeant).Select(call => new CallAction(CallActionKind.End, call, Failure(error, message) with { Node = call.Node }, sendsCancel))]);

    private List<CallAction> Remove(List<CallAction>? actions)
    {
        foreach (var action in actions ?? [])
        {
            if (action.Kind == CallActionKind.End)
            {
                End(action.Call, action.Result);
            }
        }

        return actions ?? [];
    }

    // A call that is still being sent is cancelled too: its number is then spent before it arrives.
    private CallAction End(PendingCall call, InvocationResult result, bool sendsCancel = false)
    {
        _calls.Remove(call.Id);
        _numbers[call.Instance].Settle(call.Number);
        return new(CallActionKind.End, call, result, sendsCancel);
    }
}
