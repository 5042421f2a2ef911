using Luminarys.Skills;

namespace Luminarys.Mcp.Arguments;

/// <summary>A parameter with everything about it that can be encoded before a call comes.</summary>
/// <param name="Declared">What the package declares.</param>
/// <param name="Key">The name as a MessagePack text.</param>
/// <param name="Default">The default value in MessagePack; null when there is none.</param>
internal sealed record ToolParameter(SkillParameter Declared, byte[] Key, byte[]? Default);
