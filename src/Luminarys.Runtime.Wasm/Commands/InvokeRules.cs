using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>Both sides of a skill's invoke policy. Immutable.</summary>
internal sealed class InvokeRules(InvokePolicy policy)
{
    private const string OwnSide = "invoke_policy.can_invoke";
    private const string OtherSide = "invoke_policy.can_be_invoked_by";

    private readonly ImmutableArray<Glob> _canInvoke = Compile(policy.CanInvoke);
    private readonly ImmutableArray<Glob> _canBeInvokedBy = Compile(policy.CanBeInvokedBy);

    /// <summary>Whether the skill may call that one.</summary>
    public Verdict JudgeCall(SkillId target) => Judge(_canInvoke, OwnSide, target);

    /// <summary>Whether that one may call the skill.</summary>
    public Verdict JudgeCaller(SkillId caller) => Judge(_canBeInvokedBy, OtherSide, caller);

    private static Verdict Judge(ImmutableArray<Glob> patterns, string key, SkillId other)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.IsMatch(other.Value))
            {
                return Verdict.Allow($"{key}: {pattern.Pattern}");
            }
        }

        return Verdict.Deny($"nothing in {key} matches", $"{key}: [\"{other}\"]");
    }

    // A pattern that is not one grants nothing; manifests with such a pattern are refused when they are read.
    private static ImmutableArray<Glob> Compile(ImmutableArray<string> patterns) =>
        [.. patterns.Select(pattern => Glob.TryParse(pattern, ignoreCase: false, out var glob, out _) ? glob : null).OfType<Glob>()];
}
