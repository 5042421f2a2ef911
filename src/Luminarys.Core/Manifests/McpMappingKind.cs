namespace Luminarys.Manifests;

/// <summary>How many tools a skill becomes.</summary>
public enum McpMappingKind
{
    /// <summary>One tool for each method.</summary>
    PerMethod,

    /// <summary>One tool for the whole skill, with the method as an argument.</summary>
    PerSkill,
}
