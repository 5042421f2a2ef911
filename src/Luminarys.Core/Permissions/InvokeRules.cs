using Luminarys.Skills;

namespace Luminarys.Permissions;

/// <summary>
/// An <see cref="InvokePolicy"/> ready for questions. A call between two skills needs both: the caller's policy names the target, and the target's
/// names the caller. MCP clients, and a skill's own callbacks and schedules, are not subject to it. Immutable and thread-safe.
/// </summary>
public sealed class InvokeRules
{
    private readonly TextGrants _targets;
    private readonly TextGrants _callers;

    /// <summary>Compiles a policy.</summary>
    public InvokeRules(InvokePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _targets = new("invoke_policy.can_invoke", policy.CanInvoke);
        _callers = new("invoke_policy.can_be_invoked_by", policy.CanBeInvokedBy);
    }

    /// <summary>Whether the skill may call <paramref name="target"/>, as far as its own policy goes.</summary>
    public Verdict CanInvoke(SkillId target) => _targets.Judge(target.Value);

    /// <summary>Whether the skill may be called by <paramref name="caller"/>, as far as its own policy goes.</summary>
    public Verdict CanBeInvokedBy(SkillId caller) => _callers.Judge(caller.Value);
}
