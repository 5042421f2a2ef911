using System.Collections.Immutable;
using Luminarys.Mcp.Arguments;
using Luminarys.Skills;

namespace Luminarys.Mcp.Tools;

/// <summary>A method that clients may call, with its parameters prepared for encoding.</summary>
internal sealed record ToolMethod(SkillId Skill, string Name, ImmutableArray<ToolParameter> Parameters);
