using System.Text.Json;

namespace Luminarys.Mcp.Results;

/// <summary>A skill's return value as a client sees it.</summary>
/// <param name="Text">Text of the content block; control characters are not yet visible.</param>
/// <param name="Structured">The value itself when it is an object or an array; null otherwise.</param>
internal readonly record struct RenderedValue(string Text, JsonElement? Structured);
