using System.Collections.Frozen;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.Commands;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Which calls of a skill begin: by method, caller, depth and rate. The skill's side of the invoke policy is judged here, where it runs.</summary>
internal sealed class CallAdmission(Manifest manifest, SkillDescriptor descriptor, TimeSpan longest, TimeProvider time, PermissionGate gate)
{
    private readonly FrozenDictionary<string, SkillMethod> _methods = descriptor.Methods.ToFrozenDictionary(method => method.Name, StringComparer.Ordinal);
    private readonly InvokeRules _rules = new(manifest.InvokePolicy);
    private readonly CallRate? _rate = manifest.Limits.RatePerMinute is { } limit ? new CallRate(limit, time) : null;
    private readonly long _longest = (long)(longest.TotalSeconds * time.TimestampFrequency);

    /// <summary>Whether the skill has a method of that name.</summary>
    public bool HasMethod(string method) => _methods.ContainsKey(method);

    /// <summary>When a call that begins now must have ended, as a timestamp of the time provider.</summary>
    public long DeadlineOf(Invocation invocation) => Math.Min(invocation.Deadline.Timestamp, time.GetTimestamp() + _longest);

    /// <summary>Why the call does not begin; null when it does.</summary>
    public InvocationResult? Refuse(Invocation invocation)
    {
        if (!_methods.TryGetValue(invocation.Method, out var method))
        {
            return Refuse(InvocationError.NoSuchMethod, $"skill '{invocation.Skill}' has no method '{invocation.Method}'");
        }

        var origin = invocation.Caller.Kind;
        if (method.IsCallback && origin != CallerKind.Self)
        {
            return Refuse(InvocationError.Denied, $"method '{invocation.Method}' of skill '{invocation.Skill}' is a callback of the skill itself");
        }

        if (origin == CallerKind.Skill && gate.Check(invocation.Id, "call_module", $"{manifest.Id} for {invocation.Caller.Skill}", _rules.CanBeInvokedBy(invocation.Caller.Skill)) is { } denial)
        {
            return Refuse(InvocationError.Denied, denial);
        }

        if (invocation.Depth > CommandOrigin.MaxDepth)
        {
            return Refuse(InvocationError.SkillLimit, $"calls may lead to each other {CommandOrigin.MaxDepth} times");
        }

        // A callback is the second half of a call that was counted.
        return origin != CallerKind.Self && _rate?.TryTake() == false
            ? Refuse(InvocationError.Busy, $"skill '{invocation.Skill}' takes {_rate.PerMinute} calls a minute")
            : null;
    }

    private static InvocationResult Refuse(InvocationError error, string message) => InvocationResult.Failure(error, message);
}
