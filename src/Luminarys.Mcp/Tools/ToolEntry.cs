using System.Collections.Immutable;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>A tool and what it calls: one method, or any method of one skill.</summary>
/// <param name="Definition">What clients see.</param>
/// <param name="Aliases">Every name that resolves to it, the published one included.</param>
/// <param name="Methods">The only method, or all that the skill shows.</param>
/// <param name="IsWholeSkill">Whether the method is named by an argument.</param>
internal sealed record ToolEntry(Tool Definition, ImmutableArray<string> Aliases, ImmutableArray<ToolMethod> Methods, bool IsWholeSkill)
{
    /// <summary>Digest of the package that it comes from.</summary>
    public required string Package { get; init; }

    /// <summary>What an access token must carry for it.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];
}
