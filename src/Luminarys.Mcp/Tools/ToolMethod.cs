using System.Collections.Immutable;
using Luminarys.Mcp.Arguments;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Mcp.Tools;

/// <summary>A method that clients may call, with its parameters prepared for encoding.</summary>
internal sealed record ToolMethod(SkillId Skill, string Name, ImmutableArray<ToolParameter> Parameters)
{
    /// <summary>The only node that may run it; null for the one that the registry says.</summary>
    public NodeId? Node { get; init; }
}
