using System.Collections.Immutable;

namespace Luminarys.Manifests;

/// <summary>How the MCP edge shows a skill.</summary>
/// <param name="Kind">One tool per method, or one per skill.</param>
/// <param name="HiddenMethods">Methods that are not shown.</param>
/// <param name="ExposedMethods">The only methods shown; null shows all. Hidden wins over exposed.</param>
public sealed record McpMapping(
    McpMappingKind Kind,
    ImmutableArray<string> HiddenMethods,
    ImmutableArray<string>? ExposedMethods)
{
    /// <summary>What an access token must carry, all of it, for its bearer to see and call the skill.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>One tool per method, all shown.</summary>
    public static McpMapping Default { get; } = new(McpMappingKind.PerMethod, [], null);

    /// <summary>Whether the manifest shows a method of this name.</summary>
    public bool Exposes(string method) =>
        !Names(HiddenMethods, method) && (ExposedMethods is not { } exposed || Names(exposed, method));

    // Asked for every call; the extension method of the same meaning would box the array.
    private static bool Names(ImmutableArray<string> methods, string method) =>
        methods.IndexOf(method, 0, methods.Length, StringComparer.Ordinal) >= 0;
}
