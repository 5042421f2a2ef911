using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Commands;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>A skill that takes calls.</summary>
internal sealed class LoadedSkill(Skill skill, SkillModule module, InstancePool pool, CallAdmission admission, SkillBackground background)
{
    /// <summary>What it is.</summary>
    public Skill Skill { get; } = skill;

    /// <summary>Its instances.</summary>
    public InstancePool Pool { get; } = pool;

    /// <summary>Whether it has a method of that name.</summary>
    public bool HasMethod(string method) => admission.HasMethod(method);

    /// <summary>Runs a call, or answers why it does not begin.</summary>
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        admission.Refuse(invocation) is { } refusal ? new(refusal) : Pool.InvokeAsync(invocation, admission.DeadlineOf(invocation), cancellationToken);

    /// <summary>Lets its calls finish and frees everything.</summary>
    public async Task StopAsync()
    {
        // Both at once: callbacks that wait must not begin, and one that runs needs its instance until it has ended.
        await Task.WhenAll(background.StopAsync(), Pool.StopAsync()).ConfigureAwait(false);
        await background.Functions.DisposeAsync().ConfigureAwait(false);
        module.Dispose();
    }
}
