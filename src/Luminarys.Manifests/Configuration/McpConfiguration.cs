namespace Luminarys.Manifests.Configuration;

/// <summary>The MCP edge (<c>mcp</c>).</summary>
public sealed record McpConfiguration
{
    /// <summary>Form of the tool names.</summary>
    public ToolNameStyle ToolNames { get; init; }

    /// <summary>Whether the older HTTP and SSE transport is served as well.</summary>
    public bool LegacySse { get; init; }

    /// <summary>Largest result in bytes that is answered itself; a larger one is stored, and the answer links to it.</summary>
    public int MaxResultBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Absolute path of the file of approved tool definitions; null for none.</summary>
    public string? PinFile { get; init; }
}
