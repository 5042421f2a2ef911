using System.Collections.Frozen;
using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>A skill that takes calls.</summary>
internal sealed class LoadedSkill(Skill skill, SkillModule module, InstancePool pool, SkillFunctions functions, TimeSpan timeout, TimeProvider time)
{
    private readonly FrozenDictionary<string, SkillMethod> _methods =
        skill.Descriptor.Methods.ToFrozenDictionary(method => method.Name, StringComparer.Ordinal);

    private readonly long _timeout = (long)(timeout.TotalSeconds * time.TimestampFrequency);

    /// <summary>What it is.</summary>
    public Skill Skill { get; } = skill;

    /// <summary>Its instances.</summary>
    public InstancePool Pool { get; } = pool;

    /// <summary>Runs a call, or answers why it does not begin.</summary>
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (!_methods.TryGetValue(invocation.Method, out var method))
        {
            return Refuse(InvocationError.NoSuchMethod, $"skill '{invocation.Skill}' has no method '{invocation.Method}'");
        }

        if (method.IsCallback && invocation.Caller.Kind != CallerKind.Self)
        {
            return Refuse(InvocationError.Denied, $"method '{invocation.Method}' of skill '{invocation.Skill}' is a callback of the skill itself");
        }

        var deadline = Math.Min(invocation.Deadline.Timestamp, time.GetTimestamp() + _timeout);
        return Pool.InvokeAsync(invocation, deadline, cancellationToken);
    }

    /// <summary>Lets its calls finish and frees everything.</summary>
    public async Task StopAsync()
    {
        await Pool.StopAsync().ConfigureAwait(false);
        await functions.DisposeAsync().ConfigureAwait(false);
        module.Dispose();
    }

    private static ValueTask<InvocationResult> Refuse(InvocationError error, string message) => new(InvocationResult.Failure(error, message));
}
