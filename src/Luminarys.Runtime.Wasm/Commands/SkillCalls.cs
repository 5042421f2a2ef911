using Luminarys.Invocations;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>
/// Calls other skills for one skill. The caller's side of the invoke policy is judged here, the other's where it runs; who calls is set here and nowhere
/// else.
/// </summary>
internal sealed class SkillCalls(SkillServices services, InvokeRules rules)
{
    /// <summary>Runs one call to its end, for as long as any call of this host may take.</summary>
    public async ValueTask<CallOutcome> InvokeAsync(CommandOrigin origin, ModuleCall call, CancellationToken cancellationToken)
    {
        if (Refuse(origin, call, out var target, out var arguments) is { } refusal)
        {
            return CallOutcome.Of(refusal);
        }

        var invocation = new Invocation(
            CallId.New(services.Time),
            target,
            call.Method,
            arguments,
            new Caller(CallerKind.Skill, services.Manifest.Id),
            Deadline.After(services.Options.InvokeTimeout, services.Time))
        {
            Root = origin.Chain,
            TraceId = origin.TraceId,
            SessionId = origin.SessionId,
            Depth = origin.Depth,
        };
        return CallOutcome.Of(await services.Host.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false));
    }

    private InvocationResult? Refuse(CommandOrigin origin, ModuleCall call, out SkillId target, out ReadOnlyMemory<byte> arguments)
    {
        arguments = default;
        if (!SkillId.TryParse(call.Skill, out target))
        {
            return InvocationResult.Failure(InvocationError.NoSuchSkill, "that is not the id of a skill");
        }

        if (services.Gate.Check(origin.Call, "call_module", target.Value, rules.CanInvoke(target)) is { } denial)
        {
            return InvocationResult.Failure(InvocationError.Denied, denial);
        }

        if (origin.Depth > CommandOrigin.MaxDepth)
        {
            return InvocationResult.Failure(InvocationError.SkillLimit, $"calls may lead to each other {CommandOrigin.MaxDepth} times");
        }

        if (!GuestArguments.TryRead(call.Payload, out var map))
        {
            return InvocationResult.Failure(InvocationError.BadArgument, "the payload is not a map of arguments");
        }

        arguments = map.Value;
        return null;
    }
}
