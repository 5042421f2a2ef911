namespace Luminarys.Permissions;

/// <summary>What the permissions of a skill say about one act.</summary>
/// <param name="IsAllowed">Whether it may happen.</param>
/// <param name="Rule">
/// The manifest entry or fixed rule that decided, such as <c>permissions.fs.dirs: /data:ro</c>; "nothing in permissions.fs.dirs matches" when
/// none did.
/// </param>
/// <param name="Remedy">The manifest line that would allow it; empty when it is allowed or when no manifest can allow it.</param>
/// <remarks>For the operator: log, audit and <c>luminarys explain</c>. A guest is told <c>permission denied</c> and no more.</remarks>
public sealed record Verdict(bool IsAllowed, string Rule, string Remedy)
{
    /// <summary>A verdict that allows.</summary>
    public static Verdict Allow(string rule) => new(true, rule, "");

    /// <summary>A verdict that denies.</summary>
    public static Verdict Deny(string rule, string remedy) => new(false, rule, remedy);
}
