using Luminarys.Manifests;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>What manifests say of methods → hints of a tool.</summary>
internal static class ToolHints
{
    /// <summary>The hints of a tool that calls these methods: only what is said of all of them alike; null when that is nothing.</summary>
    /// <param name="methods">What the manifest says of each; null for one that it does not name.</param>
    public static ToolAnnotations? Of(IReadOnlyCollection<MethodSettings?> methods)
    {
        var hints = new ToolAnnotations
        {
            ReadOnlyHint = Common(methods, method => method.ReadOnly),
            DestructiveHint = Common(methods, method => method.Destructive),
            IdempotentHint = Common(methods, method => method.Idempotent),
            OpenWorldHint = Common(methods, method => method.OpenWorld),
        };
        return hints is { ReadOnlyHint: null, DestructiveHint: null, IdempotentHint: null, OpenWorldHint: null } ? null : hints;
    }

    private static bool? Common(IReadOnlyCollection<MethodSettings?> methods, Func<MethodSettings, bool?> hint)
    {
        var said = methods.Select(method => method is null ? null : hint(method)).Distinct().Take(2).ToList();
        return said is [var one] ? one : null;
    }
}
