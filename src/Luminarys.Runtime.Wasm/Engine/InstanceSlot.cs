using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Abi;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>The place of one instance on its thread: makes the instance when it is needed and throws it away when it is broken.</summary>
internal sealed class InstanceSlot(WasmEngine engine, EpochTicker ticker, SkillModule module, GuestContext context, CancellationToken hardStop)
    : IDisposable
{
    private const string NoMemory = "the skills of this host use all the memory that they may have together";

    private readonly Interruption _interruption = new(context.Time, hardStop);
    private SkillInstance? _instance;
    private long _taken;

    /// <summary>Starts the first instance and asks it what it is.</summary>
    public StartOutcome Describe(long deadline, CancellationToken cancellation)
    {
        if (!TryTakeMemory())
        {
            return new StartOutcome([], new GuestFault(InvocationError.Busy, NoMemory));
        }

        ticker.Enter();
        _interruption.Arm(deadline, cancellation);
        try
        {
            return TryStart() is { } fault ? new StartOutcome([], fault) : Describe(_instance!);
        }
        finally
        {
            ticker.Exit();
            SettleMemory();
        }
    }

    /// <summary>Runs one call to its end. Never throws.</summary>
    public InvocationResult Run(GuestCall call)
    {
        ticker.Enter();
        try
        {
            // A call that ended while it waited has not begun.
            if (InstancePool.FindEnd(call, context.Time, hardStop) is var error and not InvocationError.None)
            {
                return InstancePool.NotBegun(error);
            }

            if (!TryTakeMemory())
            {
                return InvocationResult.Failure(InvocationError.Busy, NoMemory);
            }

            _interruption.Arm(call.Deadline, call.Cancellation);
            return TryStart() is { } fault ? Fail(call, fault) : Invoke(_instance!, call);
        }
        catch (Exception exception)
        {
            // Broad on purpose: this is the bottom of a thread, where whatever escapes would end the process.
            Log.HostFailed(context.Logger, context.Id.Value, call.Invocation.Id.ToString(), exception);
            Discard();
            return InvocationResult.Failure(InvocationError.Internal, "the host failed; its log says more");
        }
        finally
        {
            ticker.Exit();
            SettleMemory();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Discard();
        SettleMemory();
        _interruption.Dispose();
    }

    private GuestFault? TryStart()
    {
        if (_instance is not null)
        {
            return null;
        }

        try
        {
            _instance = new SkillInstance(engine, context, module, _interruption);
            _instance.Start();
            return null;
        }
        catch (Exception exception)
        {
            return Discard(_instance?.ExplainStart(exception) ?? TrapMap.ToFault(exception, "", memoryFull: false), exception);
        }
    }

    private StartOutcome Describe(SkillInstance instance)
    {
        try
        {
            return new StartOutcome(instance.Describe(), null);
        }
        catch (Exception exception)
        {
            var fault = Discard(instance.Explain(exception), exception);
            return new StartOutcome([], fault with { Message = $"{GuestAbi.Describe} failed: {fault.Message}" });
        }
    }

    private InvocationResult Invoke(SkillInstance instance, GuestCall call)
    {
        GuestResponse response;
        var state = context.State.Current;
        try
        {
            response = instance.Invoke(new GuestRequest(call.Invocation, CallerOf(call.Invocation), state, DeadlineOf(call)));
        }
        catch (Exception exception)
        {
            context.Observer?.CallEnded(context.Id, call.Invocation.Id, instance.MemoryLength);
            return Fail(call, Discard(instance.Explain(exception), exception));
        }

        context.Observer?.CallEnded(context.Id, call.Invocation.Id, instance.MemoryLength);

        if (instance.IsSpoiled)
        {
            Discard();
        }

        if (response.Error.Length > 0)
        {
            return InvocationResult.Failure(InvocationError.SkillError, response.Error);
        }

        if (!context.State.TryKeep(response, state))
        {
            return InvocationResult.Failure(InvocationError.Internal, "the call was done, but the skill's new state could not be stored");
        }

        if (!response.Commands.IsEmpty)
        {
            context.Commands.Post(call.Invocation, response.Commands);
        }

        return InvocationResult.Success(response.Payload, response.LlmContext.Length > 0 ? response.LlmContext : null);
    }

    private InvocationResult Fail(GuestCall call, GuestFault fault)
    {
        Log.InstanceDiscarded(
            context.Logger, context.Id.Value, call.Invocation.Id.ToString(), call.Invocation.Method, fault.Error.ToCode(), fault.Message, fault.Detail);
        return InvocationResult.Failure(fault.Error, fault.Message);
    }

    private GuestFault Discard(GuestFault fault, Exception exception)
    {
        if (fault.Error == InvocationError.Internal)
        {
            Log.HostFailed(context.Logger, context.Id.Value, _instance?.Current.ToString() ?? "", exception);
        }

        Discard();
        return fault;
    }

    private void Discard()
    {
        if (_instance is { } instance)
        {
            _instance = null;
            instance.Dispose();
            context.Functions.OnInstanceDiscarded();
        }
    }

    // A guest that runs may grow to its limit.
    private bool TryTakeMemory()
    {
        if (!context.Budget.TryTake(context.MemoryBytes - _taken))
        {
            return false;
        }

        _taken = context.MemoryBytes;
        return true;
    }

    private void SettleMemory()
    {
        var used = _instance?.MemoryLength ?? 0;
        context.Budget.Give(_taken - used);
        _taken = used;
    }

    private static string CallerOf(Invocation invocation) => invocation.Caller.Kind switch
    {
        CallerKind.Skill => invocation.Caller.Skill.Value,
        CallerKind.Self => invocation.Skill.Value,
        _ => "",
    };

    private long DeadlineOf(GuestCall call)
    {
        var left = new Deadline(call.Deadline).Remaining(context.Time);
        return left == TimeSpan.MaxValue ? 0 : (context.Time.GetUtcNow() + left - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }
}
