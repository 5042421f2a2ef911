namespace Luminarys.Manifests.Configuration;

/// <summary>How the name of a tool is made (<c>mcp.tool_names</c>).</summary>
public enum ToolNameStyle
{
    /// <summary><c>skill__method</c>: accepted by every client.</summary>
    Default,

    /// <summary><c>skill/method</c>: the published form.</summary>
    Upstream,
}
