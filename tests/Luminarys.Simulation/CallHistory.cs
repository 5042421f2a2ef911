using Luminarys.Cluster.Master;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Simulation;

/// <summary>What became of every call, as somebody sees it who sees everything. Throws when a promise about calls is broken.</summary>
internal sealed class CallHistory(Scheduler scheduler)
{
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(1);
    private readonly Dictionary<CallId, (InstanceId Master, TimeSpan At, TimeSpan Limit)> _open = [];
    private readonly Dictionary<CallId, (TimeSpan At, TimeSpan Limit, bool IsIdempotent)> _issued = [];
    private readonly Dictionary<CallId, HashSet<int>> _began = [];
    private readonly HashSet<(CallId Call, int Attempt)> _certainlyNot = [];
    private readonly HashSet<(InstanceId Node, CallId Call, ulong Number)> _cancelled = [];
    private readonly Dictionary<(InstanceId Node, ulong Epoch), InstanceId> _masters = [];

    public int Answered { get; private set; }

    public int Succeeded { get; private set; }

    public int Executed => _began.Count;

    public int Open => _open.Count;

    public void Issue(CallId call, InstanceId master, TimeSpan limit, bool isIdempotent)
    {
        _open.Add(call, (master, scheduler.Now, limit));
        _issued.Add(call, (scheduler.Now, limit, isIdempotent));
    }

    /// <summary>A node begins to run the call.</summary>
    public void Begin(CallId call, CallMessage message, InstanceId node, InstanceId master, ulong epoch, bool isBound)
    {
        if (!_began.TryGetValue(call, out var attempts))
        {
            _began.Add(call, attempts = []);
        }

        Require(attempts.Add(message.Attempt), "C-2: an attempt of a call began twice");
        Require(attempts.Count == 1 || _issued[call].IsIdempotent, "C-2: a call began twice");
        Require(!_certainlyNot.Contains((call, message.Attempt)), "C-3: an attempt began that was answered as certainly not begun");
        Require(!_cancelled.Contains((node, call, message.Number)), "C-3: a call began after the node took its cancellation");
        Require(isBound, "R-2: a call of another master than the bound one began");
        var (at, limit, _) = _issued[call];
        Require(scheduler.Now - at <= limit + TimeSpan.FromMilliseconds(2), "C-5: a call began after its deadline");
        Require(_masters.TryAdd((node, epoch), master) || _masters[(node, epoch)] == master, "R-6: two masters of one epoch were served");
    }

    /// <summary>A node took the cancellation of a call.</summary>
    public void Cancel(CallId call, ulong number, InstanceId node) => _cancelled.Add((node, call, number));

    /// <summary>
    /// The master has the answer to one attempt. The bus's notice that nobody listens names no attempt, so of a call that may run twice only the last
    /// answer says anything.
    /// </summary>
    public void EndAttempt(CallId call, int attempt, InvocationError error)
    {
        if (CallRetries.HasNotBegun(error) && !_issued[call].IsIdempotent)
        {
            Require(!(_began.TryGetValue(call, out var began) && began.Contains(attempt)), $"C-3: an attempt was answered with {error} although it ran");
            _certainlyNot.Add((call, attempt));
        }
    }

    /// <summary>The caller gets the answer.</summary>
    public void Answer(CallId call, InvocationResult result)
    {
        Require(_open.Remove(call), "C-1: a call was answered twice");
        Answered++;
        Succeeded += result.IsSuccess ? 1 : 0;
        Require(!result.IsSuccess || _began.ContainsKey(call), "C-1: a call succeeded that never ran");
        Require(!CallRetries.HasNotBegun(result.Error) || !_began.ContainsKey(call), $"C-3: a call was answered with {result.Error} although it ran");
    }

    /// <summary>A living master has just looked at its calls: none may be overdue.</summary>
    public void CheckOverdue(InstanceId master)
    {
        foreach (var (_, call) in _open.Where(pair => pair.Value.Master == master))
        {
            Require(scheduler.Now - call.At <= call.Limit + s_answerLimit, "C-1: a call has no answer a second after its deadline");
        }
    }

    /// <summary>A master's process ended, and with it the connections of its callers.</summary>
    public void MasterEnded(InstanceId master)
    {
        foreach (var (id, _) in _open.Where(pair => pair.Value.Master == master).ToList())
        {
            _open.Remove(id);
        }
    }

    private static void Require(bool holds, string promise) => Violation.Require(holds, promise);
}
