using Luminarys.Cluster.Master.SkillCalls;
using Luminarys.Cluster.Messaging;
using Luminarys.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;

namespace Luminarys.Cluster.Master;

/// <summary>Finds the node of a skill, checks that the caller may see the method, and runs the call there: here, or elsewhere.</summary>
internal sealed class InvocationRouter(NodeIdentity identity, SkillRegistry registry, ISkillRuntime runtime, RemoteInvoker remote, TimeProvider time)
    : IInvoker
{
    private readonly NodeId _self = identity.Node;
    private int _running;
    private volatile bool _isDraining;

    /// <summary>Told which node each chain of calls between skills comes to; null when nobody asks.</summary>
    public CallChains? Chains { get; init; }

    /// <summary>Spreads calls over nodes; null when every call goes to the owner of its skill.</summary>
    public NodeLoads? Loads { get; init; }

    /// <summary>Calls that run on this node.</summary>
    public int RunningHere => Volatile.Read(ref _running);

    /// <summary>Refuses calls of clients from now on. Calls between skills go on: those that run lead to them.</summary>
    public void Drain() => _isDraining = true;

    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (Find(registry.Current, invocation) is not { } entry)
        {
            var who = invocation.Node is { } only ? $"node '{only}' does not offer" : "no node offers";
            return new(InvocationResult.Failure(InvocationError.NoSuchSkill, $"{who} the skill '{invocation.Skill}'"));
        }

        if (!MayCall(entry, invocation))
        {
            return new(InvocationResult.Failure(
                InvocationError.NoSuchMethod, $"the skill '{invocation.Skill}' has no method '{invocation.Method}' that may be called from here"));
        }

        if (_isDraining && invocation.Caller.Kind == CallerKind.Edge)
        {
            return new(InvocationResult.Failure(InvocationError.Draining, "the master is stopping"));
        }

        return Loads is null ? RunAsync(entry, invocation, cancellationToken) : CountAsync(Loads, entry, invocation, cancellationToken);
    }

    private async ValueTask<InvocationResult> CountAsync(NodeLoads loads, RegistryEntry entry, Invocation invocation, CancellationToken cancellationToken)
    {
        loads.Begin(entry.Node);
        try
        {
            return await RunAsync(entry, invocation, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            loads.End(entry.Node);
        }
    }

    private RegistryEntry? Find(RegistrySnapshot current, Invocation invocation)
    {
        if (invocation.Node is { } node)
        {
            return current.FindOn(node, invocation.Skill);
        }

        var owner = current.Find(invocation.Skill);
        return owner is null || Loads is null ? owner : Loads.Choose(current, owner);
    }

    private ValueTask<InvocationResult> RunAsync(RegistryEntry entry, Invocation invocation, CancellationToken cancellationToken) => entry.Node == _self
        ? InvokeHere(invocation, cancellationToken)
        : RepeatAsync(entry, invocation, cancellationToken);

    // A call that another node certainly has not begun is sent again, to wherever the skill is by then.
    private async ValueTask<InvocationResult> RepeatAsync(RegistryEntry entry, Invocation invocation, CancellationToken cancellationToken)
    {
        InvocationResult? uncertain = null;
        for (var attempt = 1; ; attempt++)
        {
            if (entry.Node == _self)
            {
                return CallRetries.Outcome(ref uncertain, await InvokeHere(invocation, cancellationToken).ConfigureAwait(false));
            }

            var start = time.GetTimestamp();
            var result = await InvokeElsewhere(entry, invocation, attempt, cancellationToken).ConfigureAwait(false);
            Record(result, start, "elsewhere");
            result = CallRetries.Outcome(ref uncertain, result);
            if (result.IsSuccess || attempt == CallRetries.Attempts || !CallRetries.MayRepeat(result.Error, entry.Skill.IsIdempotent(invocation.Method)))
            {
                return result;
            }

            var pause = CallRetries.Pause(attempt);
            if (pause >= invocation.Deadline.Remaining(time) || !await WaitAsync(pause, cancellationToken).ConfigureAwait(false)
                || Find(registry.Current, invocation) is not { } again)
            {
                return result;
            }

            entry = again;
        }
    }

    private async ValueTask<bool> WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            // The answer is still the last attempt's.
            return false;
        }
    }

    // Hidden methods do not exist for the edge; callbacks exist for nobody but the skill itself.
    private static bool MayCall(RegistryEntry entry, Invocation invocation) =>
        entry.Skill.Descriptor.FindMethod(invocation.Method) is { } method && invocation.Caller.Kind switch
        {
            CallerKind.Edge => entry.Skill.IsExposed(method),
            CallerKind.Skill => !method.IsCallback,
            _ => true,
        };

    private ValueTask<InvocationResult> InvokeElsewhere(RegistryEntry entry, Invocation invocation, int attempt, CancellationToken cancellationToken)
    {
        if (invocation.Caller.Kind == CallerKind.Skill)
        {
            Chains?.Reach(entry.Node, new(invocation.Root, invocation.Depth));
        }

        return remote.InvokeAsync(entry, invocation, attempt, cancellationToken);
    }

    private ValueTask<InvocationResult> InvokeHere(Invocation invocation, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _running);
        var start = time.GetTimestamp();
        var isEnded = false;
        try
        {
            var call = runtime.InvokeAsync(invocation, cancellationToken);
            isEnded = true;
            return call.IsCompletedSuccessfully ? new(EndHere(call.GetAwaiter().GetResult(), start)) : AwaitHereAsync(call, start);
        }
        finally
        {
            if (!isEnded)
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }

    private async ValueTask<InvocationResult> AwaitHereAsync(ValueTask<InvocationResult> call, long start)
    {
        var isEnded = false;
        try
        {
            var result = await call.ConfigureAwait(false);
            isEnded = true;
            return EndHere(result, start);
        }
        finally
        {
            if (!isEnded)
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }

    private InvocationResult EndHere(InvocationResult result, long start)
    {
        Interlocked.Decrement(ref _running);
        Record(result, start, "here");
        return result with { Node = _self };
    }

    private void Record(InvocationResult result, long start, string place)
    {
        if (LuminarysDiagnostics.CallDuration.Enabled)
        {
            LuminarysDiagnostics.CallDuration.Record(
                time.GetElapsedTime(start).TotalSeconds,
                new("luminarys.place", place),
                new("error.type", result.IsSuccess ? null : result.Error.ToCode()));
        }
    }
}
