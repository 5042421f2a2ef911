using System.Collections.Immutable;

namespace Luminarys.Skills;

/// <summary>One method of a skill.</summary>
/// <param name="Name">Name, unique in the skill.</param>
/// <param name="Description">Text for people and models; may be empty.</param>
/// <param name="Parameters">Parameters in the package's order.</param>
/// <param name="IsHidden">Not shown to, and not callable by, MCP clients; other skills may call it.</param>
/// <param name="IsCallback">Only the host calls it, to deliver results and events of the skill itself.</param>
public sealed record SkillMethod(
    string Name,
    string Description,
    ImmutableArray<SkillParameter> Parameters,
    bool IsHidden = false,
    bool IsCallback = false)
{
    /// <summary>Whether an MCP client may see and call the method, as far as the package decides.</summary>
    public bool IsVisible => !IsHidden && !IsCallback;
}
