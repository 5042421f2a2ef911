using System.Buffers;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// How a method is named as a tool: alone, or on one node. The way back goes through the table of <see cref="ToolSet"/>, never by splitting a name.
/// </summary>
internal readonly record struct ToolName(SkillId Skill, string Method, NodeId? Node = null)
{
    /// <summary>Longest name that every known client accepts.</summary>
    public const int SafeLength = 64;

    /// <summary>Longest name that the protocol accepts.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> s_methodCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>The form that every client accepts.</summary>
    public string Portable => Node is { } node ? $"{node.Value}__{Skill.Value}__{Method}" : $"{Skill.Value}__{Method}";

    /// <summary>The form of the published documentation.</summary>
    public string Upstream => Node is { } node ? $"{node.Value}/{Skill.Value}/{Method}" : $"{Skill.Value}/{Method}";

    /// <summary>What keeps the method from having a tool name; null when nothing does.</summary>
    public string? FindProblem()
    {
        if (string.IsNullOrEmpty(Method) || Method.AsSpan().ContainsAnyExcept(s_methodCharacters))
        {
            return "its name may hold only letters, digits, '_' and '-'";
        }

        return Portable.Length > MaxLength ? $"its tool name has more than {MaxLength} characters" : null;
    }
}
