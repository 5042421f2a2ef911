using Luminarys.Cluster.Master;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave.SkillCalls;

/// <summary>
/// The slave's side of the calls that its skills make through the master, as a state machine: being sent → sent → taken → ended. A call ends exactly
/// once, and is sent once: when the master falls silent, it is asked what became of the call; when nobody knows, the answer is
/// <see cref="InvocationError.OutcomeUnknown"/>. Not thread-safe.
/// </summary>
internal sealed class SkillCallTable
{
    /// <summary>Calls that may wait for the master at once.</summary>
    public const int MaxCalls = 256;

    private static readonly TimeSpan s_acknowledgementWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(15);

    // A master that has the call says so within 200 ms.
    private static readonly TimeSpan s_askAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_queryWait = TimeSpan.FromSeconds(1);
    private const int MaxQueries = 3;

    // The master runs the same deadline and knows better how the call ended.
    private static readonly TimeSpan s_deadlineGrace = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<CallId, PendingSkillCall> _calls = [];

    // Of every master that lived while this process did: one that comes back remembers which numbers it has seen.
    private readonly Dictionary<InstanceId, CallNumbers> _numbers = [];

    /// <summary>Calls that have not ended.</summary>
    public int Count => _calls.Count;

    /// <summary>Whether a call with this id has not ended.</summary>
    public bool Has(CallId id) => _calls.ContainsKey(id);

    /// <summary>Enters a call to this process of a master; null, and an error, when it cannot be sent.</summary>
    public PendingSkillCall? Begin(CallId id, InstanceId master, TimeSpan? deadline, out InvocationResult refusal)
    {
        refusal = default;
        if (_calls.ContainsKey(id))
        {
            refusal = Failure(InvocationError.Conflict, "a call with this id runs already");
            return null;
        }

        if (_calls.Count >= MaxCalls)
        {
            refusal = Failure(InvocationError.Busy, $"{MaxCalls} calls of this node's skills wait for the master already");
            return null;
        }

        if (!_numbers.TryGetValue(master, out var numbers))
        {
            _numbers[master] = numbers = new();
        }

        var call = new PendingSkillCall(id, master, numbers.Take(), deadline);
        _calls.Add(id, call);
        return call;
    }

    /// <summary>What a call that was just entered says of those before it.</summary>
    public SettledNumbers SettledBefore(PendingSkillCall call) => _numbers[call.Master].SettledBefore(call.Number);

    /// <summary>A call that has not ended; null when there is none.</summary>
    public PendingSkillCall? Find(CallId id) => _calls.GetValueOrDefault(id);

    /// <summary>The bus took the message, or refused it.</summary>
    public SkillCallEnd? Sent(CallId id, InvocationError error, TimeSpan now)
    {
        if (!_calls.TryGetValue(id, out var call) || call.HeardAt is not null)
        {
            return null;
        }

        if (error != InvocationError.None)
        {
            return End(call, Failure(error, "the call to the master was not sent"));
        }

        call.HeardAt = now;
        return null;
    }

    /// <summary>A frame came; false in <paramref name="isKnown"/> when no call waits for it from that process.</summary>
    public SkillCallEnd? Frame(InstanceId master, CallId id, CallFrame frame, TimeSpan now, out bool isKnown)
    {
        isKnown = _calls.TryGetValue(id, out var call) && call.Master == master && call.Number == frame.Number;
        if (!isKnown)
        {
            return null;
        }

        // A result that is announced only is still to come.
        if (!frame.IsTerminal || frame.Claim is not null)
        {
            (call!.IsTaken, call.HeardAt, call.Queries) = (true, now, 0);
            return null;
        }

        return End(call!, frame.Kind == CallFrameKind.Result
            ? InvocationResult.Success(frame.Payload, frame.LlmContext)
            : Failure(frame.Code, frame.Text ?? "the master gave no reason"));
    }

    /// <summary>The bus found no master that listens: the call has certainly not begun.</summary>
    public SkillCallEnd? NoResponders(CallId id) => _calls.TryGetValue(id, out var call) && !call.IsTaken
        ? End(call, Failure(InvocationError.NotServing, "no master is connected"))
        : null;

    /// <summary>The caller gave up.</summary>
    public SkillCallEnd? Cancel(CallId id) => _calls.TryGetValue(id, out var call)
        ? End(call, Failure(InvocationError.Cancelled, "the caller gave up"), sendsCancel: true)
        : null;

    /// <summary>Calls that the master is to be asked about now, because it has not been heard of them for long.</summary>
    public IReadOnlyList<PendingSkillCall> TakeQuestions(TimeSpan now)
    {
        List<PendingSkillCall>? silent = null;
        foreach (var call in _calls.Values.Where(call => IsSilent(call, now)))
        {
            (call.Queries, call.QueriedAt) = (call.Queries + 1, now);
            (silent ??= []).Add(call);
        }

        return silent ?? [];
    }

    /// <summary>Calls that the master is to be asked about because the connection was away: frames may be lost.</summary>
    public IReadOnlyList<PendingSkillCall> AskAgain() => [.. _calls.Values.Where(call => call.HeardAt is not null)];

    /// <summary>Lets time pass, under the master that the node is bound to.</summary>
    public IReadOnlyList<SkillCallEnd> Advance(InstanceId master, TimeSpan now)
    {
        List<(PendingSkillCall Call, InvocationResult Result)>? ended = null;
        foreach (var call in _calls.Values)
        {
            if (Judge(call, master, now) is { } result)
            {
                (ended ??= []).Add((call, result));
            }
        }

        return ended is null ? [] : [.. ended.Select(pair => End(pair.Call, pair.Result, sendsCancel: true))];
    }

    /// <summary>The node stops.</summary>
    public IReadOnlyList<SkillCallEnd> EndAll(InvocationError error, string message) =>
        [.. _calls.Values.ToList().Select(call => End(call, Failure(error, message), sendsCancel: true))];

    private static InvocationResult Failure(InvocationError error, string message) => InvocationResult.Failure(error, message);

    private static InvocationResult? Judge(PendingSkillCall call, InstanceId master, TimeSpan now)
    {
        if (call.Master != master)
        {
            return Failure(InvocationError.OutcomeUnknown, "another master took over; the call may have run");
        }

        if (now >= call.Deadline + s_deadlineGrace)
        {
            return Failure(InvocationError.Deadline, "the call did not end in time");
        }

        return IsLost(call, now) ? Failure(InvocationError.OutcomeUnknown, "the master fell silent; the call may have run") : null;
    }

    private static bool IsSilent(PendingSkillCall call, TimeSpan now) => call.Queries == 0
        ? now - call.HeardAt >= (call.IsTaken ? s_silenceLimit : s_askAfter)
        : call.Queries < MaxQueries && now - call.QueriedAt >= s_queryWait;

    // Not before it was asked: it may be this process that did not run.
    private static bool IsLost(PendingSkillCall call, TimeSpan now) => call.Queries > 0 && (call.IsTaken
        ? call.Queries == MaxQueries && now - call.QueriedAt >= s_queryWait
        : now - call.HeardAt >= s_acknowledgementWait && now - call.QueriedAt >= s_askAfter);

    // A call that is still being sent is cancelled too: its number is then spent before it arrives.
    private SkillCallEnd End(PendingSkillCall call, InvocationResult result, bool sendsCancel = false)
    {
        _calls.Remove(call.Id);
        _numbers[call.Master].Settle(call.Number);
        return new(call, result, sendsCancel);
    }
}
